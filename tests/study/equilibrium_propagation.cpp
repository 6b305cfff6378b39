// SPDX-License-Identifier: BSD-3-Clause
// The study equilibrium-propagation as a user runs it: it can fail, and bad values are named. That
// its claims hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("equilibrium-propagation can fail: without a weight homeostasis aligns nothing") {
  const tests::Folder folder;
  const tests::Finished result =
      tests::run({GRADUS_PROGRAM, "run", "equilibrium-propagation", "--preset", "quick", "--json",
                  "--no-figures", "--seed", "0", "--set", "homeostasis=0", "--set", "epochs=2",
                  "--set", "num_test=100", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("homeo"));
  CHECK_FALSE(holds("gain"));
  CHECK(holds("order-8"));
  CHECK(holds("ctl-not-holomorphic-8"));
}

TEST_CASE("equilibrium-propagation names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run({GRADUS_PROGRAM, "run", "equilibrium-propagation", "--set",
                                    setting, "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("batch=1001").find("num_train") != std::string::npos);
  CHECK(says("gradient=luck").find("tangent") != std::string::npos);
  CHECK(says("beta=0").find("beta") != std::string::npos);
}
