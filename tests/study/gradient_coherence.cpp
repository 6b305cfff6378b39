// SPDX-License-Identifier: BSD-3-Clause
// The study gradient-coherence as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("gradient-coherence can fail: hardly clipped gradients fit corrupt labels") {
  const tests::StudyRun result("gradient-coherence", {"share=0.03", "last_scale=3"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("wins-mem"));
  CHECK_FALSE(result.holds("wins-gain"));
  CHECK_FALSE(result.holds("real-init-random")); // a last layer that large prefers some classes
  CHECK(result.holds("identity"));
  CHECK(result.holds("m3-exact"));
}

TEST_CASE("gradient-coherence names values that do not go together") {
  CHECK(tests::refuses("gradient-coherence", "batch=1500", "num_train"));
  CHECK(tests::refuses("gradient-coherence", "share=0.7", "share"));
  CHECK(tests::refuses("gradient-coherence", "noise=2", "noise"));
}
