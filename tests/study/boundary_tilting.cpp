// SPDX-License-Identifier: BSD-3-Clause
// The study boundary-tilting as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("boundary-tilting can fail: without swapped labels the digits' error has no rising end") {
  const tests::StudyRun result("boundary-tilting", {"full=true", "swap=0"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("digits-svm-last"));
  CHECK(result.holds("identity"));
  CHECK(result.holds("solved"));
}

TEST_CASE("boundary-tilting names values that do not go together") {
  CHECK(tests::refuses("boundary-tilting", "half_side=9", "half_side"));
  CHECK(tests::refuses("boundary-tilting", "swap=101", "digit_train"));
  CHECK(tests::refuses("boundary-tilting", "tolerance=0", "tolerance"));
}
