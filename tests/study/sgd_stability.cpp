// SPDX-License-Identifier: BSD-3-Clause
// The study sgd-stability as a user runs it: it can fail, and bad values are named. That its claims
// hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("sgd-stability can fail: step sizes too small to bind choose no minimum") {
  const tests::StudyRun result("sgd-stability", {"rate=0.0005", "warm_up=500"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("dln-lr-l1-ratio"));
  CHECK_FALSE(result.holds("ctl-gd-trace"));
  CHECK(result.holds("dln-ident"));
  CHECK(result.holds("order"));
}

TEST_CASE("sgd-stability names values that do not go together") {
  CHECK(tests::refuses("sgd-stability", "linear_examples=5", "linear_dim"));
  CHECK(tests::refuses("sgd-stability", "max_steps=60001", "check_every"));
  CHECK(tests::refuses("sgd-stability", "warm_up=70000", "max_steps"));
  CHECK(tests::refuses("sgd-stability", "check_every=15", "check_every"));
  CHECK(tests::refuses("sgd-stability", "rate=0", "rate"));
}
