// SPDX-License-Identifier: BSD-3-Clause
// The study sgd-stability as a user runs it: it can fail, and bad values are named. That its claims
// hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("sgd-stability can fail: step sizes too small to bind choose no minimum") {
  const tests::Folder folder;
  const tests::Finished result = tests::run(
      {GRADUS_PROGRAM, "run", "sgd-stability", "--preset", "quick", "--json", "--no-figures",
       "--set", "rate=0.0005", "--set", "warm_up=500", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("dln-lr-l1-ratio"));
  CHECK_FALSE(holds("ctl-gd-trace"));
  CHECK(holds("dln-ident"));
  CHECK(holds("order"));
}

TEST_CASE("sgd-stability names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run({GRADUS_PROGRAM, "run", "sgd-stability", "--set", setting,
                                    "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("linear_examples=5").find("linear_dim") != std::string::npos);
  CHECK(says("max_steps=60001").find("check_every") != std::string::npos);
  CHECK(says("warm_up=70000").find("max_steps") != std::string::npos);
  CHECK(says("check_every=15").find("check_every") != std::string::npos);
  CHECK(says("rate=0").find("rate") != std::string::npos);
}
