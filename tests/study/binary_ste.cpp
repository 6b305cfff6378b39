// SPDX-License-Identifier: BSD-3-Clause
// The study binary-ste as a user runs it: it can fail, and bad values are named. That its claims
// hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

TEST_CASE("binary-ste can fail: without learning there is nothing to compare") {
  const tests::Folder folder;
  const tests::Finished result = tests::run(
      {GRADUS_PROGRAM, "run", "binary-ste", "--preset", "quick", "--json", "--no-figures", "--set",
       "rate=1e-9", "--set", "num_train=400", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const nlohmann::json claims = nlohmann::json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const auto& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("equilibrium-low"));
  CHECK_FALSE(holds("ctl-float"));
  CHECK(holds("error")); // latent weights stay where they were drawn
  CHECK(holds("theory-e"));
  CHECK(holds("ctl-identity"));
}

TEST_CASE("binary-ste names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run(
        {GRADUS_PROGRAM, "run", "binary-ste", "--set", setting, "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("batch=5000").find("num_train") != std::string::npos);
  CHECK(says("clip=0.05").find("at least flat") != std::string::npos);
  CHECK(says("order=0.5").find("order") != std::string::npos);
  CHECK(says("momentum=1").find("momentum") != std::string::npos);
}
