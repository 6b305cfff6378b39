// SPDX-License-Identifier: BSD-3-Clause
// The study gradient-coherence as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("gradient-coherence can fail: hardly clipped gradients fit corrupt labels") {
  const tests::Folder folder;
  const tests::Finished result = tests::run(
      {GRADUS_PROGRAM, "run", "gradient-coherence", "--preset", "quick", "--json", "--no-figures",
       "--set", "share=0.03", "--set", "last_scale=3", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("wins-mem"));
  CHECK_FALSE(holds("wins-gain"));
  CHECK_FALSE(holds("real-init-random")); // a last layer that large prefers some classes
  CHECK(holds("identity"));
  CHECK(holds("m3-exact"));
}

TEST_CASE("gradient-coherence names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run({GRADUS_PROGRAM, "run", "gradient-coherence", "--set", setting,
                                    "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("batch=1500").find("num_train") != std::string::npos);
  CHECK(says("share=0.7").find("share") != std::string::npos);
  CHECK(says("noise=2").find("noise") != std::string::npos);
}
