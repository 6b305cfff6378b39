// SPDX-License-Identifier: BSD-3-Clause
// The study equilibrium-propagation as a user runs it: it can fail, and bad values are named. That
// its claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("equilibrium-propagation can fail: without a weight homeostasis aligns nothing") {
  const tests::StudyRun result("equilibrium-propagation",
                               {"homeostasis=0", "epochs=2", "num_test=100"}, {"--seed", "0"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("homeo"));
  CHECK_FALSE(result.holds("gain"));
  CHECK(result.holds("order-8"));
  CHECK(result.holds("ctl-not-holomorphic-8"));
}

TEST_CASE("equilibrium-propagation names values that do not go together") {
  CHECK(tests::refuses("equilibrium-propagation", "batch=1001", "num_train"));
  CHECK(tests::refuses("equilibrium-propagation", "gradient=luck", "tangent"));
  CHECK(tests::refuses("equilibrium-propagation", "beta=0", "beta"));
}
