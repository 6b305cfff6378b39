// SPDX-License-Identifier: BSD-3-Clause
// The study train-longer as a user runs it: it can fail, and bad values are named. That its claims
// hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("train-longer can fail: a large batch of the small size has no gap") {
  const tests::Folder folder;
  const tests::Finished result =
      tests::run({GRADUS_PROGRAM, "run", "train-longer", "--preset", "quick", "--json",
                  "--no-figures", "--set", "large_batch=16", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("gap"));
  CHECK(holds("exact"));
  CHECK(holds("ctl-flat"));
}

TEST_CASE("train-longer names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run(
        {GRADUS_PROGRAM, "run", "train-longer", "--set", setting, "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("small_batch=48").find("divisor of large_batch") != std::string::npos);
  CHECK(says("large_batch=2048").find("num_train") != std::string::npos);
  CHECK(says("num_train=1000").find("multiple of large_batch") != std::string::npos);
  CHECK(says("rate=0").find("rate") != std::string::npos);
}
