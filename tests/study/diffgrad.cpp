// SPDX-License-Identifier: BSD-3-Clause
// The study diffgrad as a user runs it; that its claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("diffgrad can fail: with the notebook's derivative F2's claims do, as documented",
          "[diffgrad]") {
  const tests::StudyRun result("diffgrad",
                               {"wave_gradient=notebook", "num_train=200", "num_test=200"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("F2-diffgrad"));
  CHECK(result.holds("F2-adam"));
  CHECK(result.holds("F1-diffgrad"));
}
