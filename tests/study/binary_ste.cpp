// SPDX-License-Identifier: BSD-3-Clause
// The study binary-ste as a user runs it: it can fail, and bad values are named. That its claims
// hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("binary-ste can fail: without learning there is nothing to compare") {
  const tests::StudyRun result("binary-ste", {"rate=1e-9", "num_train=400"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("equilibrium-low"));
  CHECK_FALSE(result.holds("ctl-float"));
  CHECK(result.holds("error")); // latent weights stay where they were drawn
  CHECK(result.holds("theory-e"));
  CHECK(result.holds("ctl-identity"));
}

TEST_CASE("binary-ste names values that do not go together") {
  CHECK(tests::refuses("binary-ste", "batch=5000", "num_train"));
  CHECK(tests::refuses("binary-ste", "clip=0.05", "at least flat"));
  CHECK(tests::refuses("binary-ste", "order=0.5", "order"));
  CHECK(tests::refuses("binary-ste", "momentum=1", "momentum"));
}
