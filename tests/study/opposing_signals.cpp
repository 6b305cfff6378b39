// SPDX-License-Identifier: BSD-3-Clause
// The study opposing-signals as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("opposing-signals can fail: without the outliers' feature nothing sharpens or spikes") {
  const tests::StudyRun result("opposing-signals", {"scale=0"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("net-sharpen"));
  CHECK_FALSE(result.holds("net-spike"));
  CHECK_FALSE(result.holds("adam-why-sgd"));
  CHECK(result.holds("closed-form")); // of the population, which knows no samples
  CHECK(result.holds("net-solved"));
}

TEST_CASE("opposing-signals names values that do not go together") {
  CHECK(tests::refuses("opposing-signals", "outliers=100", "outliers"));
  CHECK(tests::refuses("opposing-signals", "batch_size=201", "num_samples"));
  CHECK(tests::refuses("opposing-signals", "outlier_start=0.7", "factor_start"));
  CHECK(tests::refuses("opposing-signals", "window=590", "net_steps"));
  CHECK(tests::refuses("opposing-signals", "sharpness_every=7", "net_steps"));
}
