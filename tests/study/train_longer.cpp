// SPDX-License-Identifier: BSD-3-Clause
// The study train-longer as a user runs it: it can fail, and bad values are named. That its claims
// hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("train-longer can fail: a large batch of the small size has no gap") {
  const tests::StudyRun result("train-longer", {"large_batch=16"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("gap"));
  CHECK(result.holds("exact"));
  CHECK(result.holds("ctl-flat"));
}

TEST_CASE("train-longer names values that do not go together") {
  CHECK(tests::refuses("train-longer", "small_batch=48", "divisor of large_batch"));
  CHECK(tests::refuses("train-longer", "large_batch=2048", "num_train"));
  CHECK(tests::refuses("train-longer", "num_train=1000", "multiple of large_batch"));
  CHECK(tests::refuses("train-longer", "rate=0", "rate"));
}
