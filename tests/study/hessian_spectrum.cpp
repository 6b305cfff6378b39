// SPDX-License-Identifier: BSD-3-Clause
// The study hessian-spectrum as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include "study/study_run.hpp"

TEST_CASE("hessian-spectrum can fail: clusters that lie on each other are not counted") {
  const tests::StudyRun result("hessian-spectrum", {"separation=0.3", "steps=200"});
  CHECK(result.status() == 1);
  CHECK_FALSE(result.holds("count"));
  CHECK_FALSE(result.holds("clean"));
  // Identities know nothing of the data.
  CHECK(result.holds("dual"));
  CHECK(result.holds("r-spectrum"));
  CHECK(result.holds("trace"));
}

TEST_CASE("hessian-spectrum names values that do not go together") {
  CHECK(tests::refuses("hessian-spectrum", "clusters=21", "dim"));
  CHECK(tests::refuses("hessian-spectrum", "outputs=1", "softmax"));
  CHECK(tests::refuses("hessian-spectrum", "batch=241", "num_samples"));
  CHECK(tests::refuses("hessian-spectrum", "inputs=one-gaussian", "labels"));
  CHECK(tests::refuses("hessian-spectrum", "activation=step", "activation"));
}
