// SPDX-License-Identifier: BSD-3-Clause
// The studies grokking-stability and grokking-baselines as a user runs them: they can fail, and bad
// values are named. That their claims hold is tried with those of all studies.
#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

namespace {

tests::Finished run(const char* study, const std::vector<std::string>& settings,
                    const tests::Folder& folder) {
  std::vector<std::string> words{GRADUS_PROGRAM, "run",   study,
                                 "--preset",     "quick", "--no-figures",
                                 "--json",       "--out", folder.path().string()};
  for (const std::string& setting : settings) {
    words.insert(words.end(), {"--set", setting});
  }
  return tests::run(words);
}

bool holds(const tests::Finished& result, const std::string& id) {
  const json claims = json::parse(result.out)["claims"];
  const auto found = std::find_if(claims.begin(), claims.end(),
                                  [&](const json& claim) { return claim["id"] == id; });
  REQUIRE(found != claims.end());
  return (*found)["holds"];
}

} // namespace

TEST_CASE("grokking-stability can fail: too few epochs, and a loss that never collapses") {
  const tests::Folder folder;
  const auto short_run = run("grokking-stability", {"epochs=40", "prime=31", "width=48"}, folder);
  CHECK(short_run.status == 1);
  CHECK_FALSE(holds(short_run, "perp"));
  CHECK(holds(short_run, "absorb"));
}

TEST_CASE("grokking-baselines can fail: without decay nothing generalises") {
  const tests::Folder folder;
  const auto result =
      run("grokking-baselines", {"weight_decay=0", "dim=50", "num_steps=400"}, folder);
  CHECK(result.status == 1);
  CHECK_FALSE(holds(result, "O-grok"));
}

TEST_CASE("grokking studies name values that do not go together") {
  const tests::Folder folder;
  const auto says = [&](const char* study, const char* setting) {
    const auto result = run(study, {setting}, folder);
    CHECK(result.status == 2);
    return result.err;
  };
  CHECK(says("grokking-stability", "prime=51").find("prime is 51") != std::string::npos);
  CHECK(says("grokking-stability", "loss_precision=quad").find("loss_precision") !=
        std::string::npos);
  CHECK(says("grokking-baselines", "linear_rate=0.3").find("linear_rate is 0.3") !=
        std::string::npos);
}
