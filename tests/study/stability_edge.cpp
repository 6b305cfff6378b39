// SPDX-License-Identifier: BSD-3-Clause
// The study stability-edge as a user runs it.
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("stability-edge holds at every preset and on seeds beyond the default ones",
          "[stability-edge]") {
  const tests::Folder folder;
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> words{GRADUS_PROGRAM, "run",   "stability-edge",      "--json",
                                   "--no-figures", "--out", folder.path().string()};
    words.insert(words.end(), more.begin(), more.end());
    const tests::Finished result = tests::run(words);
    INFO(result.err);
    CHECK(result.status == 0);
    return json::parse(result.out);
  };
  for (const char* preset : {"quick", "default", "paper"}) {
    const json result = run({"--preset", preset});
    CHECK(result["reproduced"] == true);
    CHECK(result["seeds"].size() == 5);
    REQUIRE(result["claims"].size() == 4);
    for (const json& claim : result["claims"]) {
      INFO(preset << ": " << claim.dump());
      CHECK(claim["holds"] == true);
      CHECK(claim["known_miss"] == false);
    }
  }
  for (int i = 1; i <= 10; ++i) {
    const json result =
        run({"--seeds", std::to_string(100 * i) + ".." + std::to_string(100 * i + 4)});
    CHECK(result["reproduced"] == true);
  }
}

TEST_CASE("stability-edge can fail: strong momentum and few steps leave nothing but the transient",
          "[stability-edge]") {
  const tests::Folder folder;
  const tests::Finished result =
      tests::run({GRADUS_PROGRAM, "run", "stability-edge", "--quiet", "--no-figures", "--set",
                  "steps=20", "--set", "momentum=0.99", "--out", folder.path().string()});
  CHECK(result.status == 1);
  CHECK(result.out.find("NOT REPRODUCED") != std::string::npos);
}
