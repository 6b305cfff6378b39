// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"
#include <gradus/study/metric.hpp>

using nlohmann::json;

TEST_CASE("show names every number that a study records, with its meaning", "[metrics]") {
  const tests::Folder folder;
  const json studies = json::parse(tests::run({GRADUS_PROGRAM, "list", "--json"}).out);
  for (const json& study : studies) {
    const auto id = study["id"].get<std::string>();
    const json shown = json::parse(tests::run({GRADUS_PROGRAM, "show", id, "--json"}).out);
    std::vector<gradus::study::Metric> metrics;
    for (const json& metric : shown["metrics"]) {
      metrics.push_back({metric["name"], metric["meaning"], metric["unit"]});
      INFO(id << " " << metrics.back().name);
      CHECK_FALSE(metrics.back().meaning.empty());
    }
    // One seed an arm: whether claims hold with it is of no concern here.
    const tests::Finished run =
        tests::run({GRADUS_PROGRAM, "run", id, "--preset", "quick", "--seed", "0", "--no-figures",
                    "--json", "--quiet", "--out", folder.path().string()});
    INFO(id << " " << run.err);
    REQUIRE(run.status < 2);
    for (const auto& [arm, entry] : json::parse(run.out)["metrics"].items()) {
      for (const auto& [number, summary] : entry["numbers"].items()) {
        INFO(id << " " << arm << "." << number);
        CHECK(gradus::study::find_metric(metrics, arm, number) != nullptr);
      }
    }
  }
}
