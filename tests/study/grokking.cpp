// SPDX-License-Identifier: BSD-3-Clause
// The studies grokking-stability and grokking-baselines as a user runs them: they can fail, and bad
// values are named. That their claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("grokking-stability can fail: too few epochs, and a loss that never collapses") {
  const tests::StudyRun short_run("grokking-stability", {"epochs=40", "prime=31", "width=48"});
  CHECK(short_run.status() == 1);
  CHECK_FALSE(short_run.holds("perp"));
  CHECK(short_run.holds("absorb"));
}

TEST_CASE("grokking-baselines can fail: without decay nothing generalises") {
  const tests::StudyRun result("grokking-baselines", {"weight_decay=0", "dim=50", "num_steps=400"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("O-grok"));
}

TEST_CASE("grokking studies name values that do not go together") {
  CHECK(tests::refuses("grokking-stability", "prime=51", "prime is 51"));
  CHECK(tests::refuses("grokking-stability", "loss_precision=quad", "loss_precision"));
  CHECK(tests::refuses("grokking-baselines", "linear_rate=0.3", "linear_rate is 0.3"));
}
