// SPDX-License-Identifier: BSD-3-Clause
// The study hessian-spectrum as a user runs it: it can fail, and bad values are named. That its
// claims hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("hessian-spectrum can fail: clusters that lie on each other are not counted") {
  const tests::Folder folder;
  const tests::Finished result = tests::run(
      {GRADUS_PROGRAM, "run", "hessian-spectrum", "--preset", "quick", "--json", "--no-figures",
       "--set", "separation=0.3", "--set", "steps=200", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto holds = [&](const std::string& id) -> bool {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  };
  CHECK_FALSE(holds("count"));
  CHECK_FALSE(holds("clean"));
  // Identities know nothing of the data.
  CHECK(holds("dual"));
  CHECK(holds("r-spectrum"));
  CHECK(holds("trace"));
}

TEST_CASE("hessian-spectrum names values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* setting) {
    const auto result = tests::run({GRADUS_PROGRAM, "run", "hessian-spectrum", "--set", setting,
                                    "--out", folder.path().string()});
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("clusters=21").find("dim") != std::string::npos);
  CHECK(says("outputs=1").find("softmax") != std::string::npos);
  CHECK(says("batch=241").find("num_samples") != std::string::npos);
  CHECK(says("inputs=one-gaussian").find("labels") != std::string::npos);
  CHECK(says("activation=step").find("activation") != std::string::npos);
}
