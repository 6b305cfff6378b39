// SPDX-License-Identifier: BSD-3-Clause
// The study opposing-signals as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("opposing-signals can fail: without the outliers' feature nothing sharpens or spikes") {
  const tests::Folder folder;
  const tests::Finished result =
      tests::run({GRADUS_PROGRAM, "run", "opposing-signals", "--preset", "quick", "--json",
                  "--no-figures", "--set", "scale=0", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("net-sharpen"));
  CHECK_FALSE(holds("net-spike"));
  CHECK_FALSE(holds("adam-why-sgd"));
  CHECK(holds("closed-form")); // of the population, which knows no samples
  CHECK(holds("net-solved"));
}

TEST_CASE("opposing-signals names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run({GRADUS_PROGRAM, "run", "opposing-signals", "--set", setting,
                                    "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("outliers=100").find("outliers") != std::string::npos);
  CHECK(says("batch_size=201").find("num_samples") != std::string::npos);
  CHECK(says("outlier_start=0.7").find("factor_start") != std::string::npos);
  CHECK(says("window=590").find("net_steps") != std::string::npos);
  CHECK(says("sharpness_every=7").find("net_steps") != std::string::npos);
}
