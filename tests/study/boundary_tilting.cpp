// SPDX-License-Identifier: BSD-3-Clause
// The study boundary-tilting as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("boundary-tilting can fail: without swapped labels the digits' error has no rising end") {
  const tests::Folder folder;
  const tests::Finished result = tests::run(
      {GRADUS_PROGRAM, "run", "boundary-tilting", "--preset", "quick", "--json", "--no-figures",
       "--set", "full=true", "--set", "swap=0", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("digits-svm-last"));
  CHECK(holds("identity"));
  CHECK(holds("solved"));
}

TEST_CASE("boundary-tilting names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run({GRADUS_PROGRAM, "run", "boundary-tilting", "--set", setting,
                                    "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("half_side=9").find("half_side") != std::string::npos);
  CHECK(says("swap=101").find("digit_train") != std::string::npos);
  CHECK(says("tolerance=0").find("tolerance") != std::string::npos);
}
