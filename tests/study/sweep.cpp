// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

// Of its own, since tests compile several files at a time.
namespace tests::sweep_cases {

using nlohmann::json;

namespace {

tests::Finished call_gradus(std::vector<std::string> words) {
  words.insert(words.begin(), GRADUS_TEST_PROGRAM);
  return tests::run(words);
}

tests::Finished sweep(const tests::Folder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), {"sweep", "--out", (folder / "out").string()});
  return call_gradus(words);
}

std::size_t num_cells(const tests::Folder& folder) {
  return tests::snapshot(folder / "out" / "cells").size();
}

} // namespace

TEST_CASE("bad sweeps are one clear line and status 2", "[sweep]") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> calls{
      {{}, "ID is required"},
      {{"tyni", "--grid", "count=1,2"}, "unknown study tyni"},
      {{"tiny"}, "number of --grid is 0; valid: one to three"},
      {{"tiny", "--grid", "cuont=1,2"}, "did you mean count?"},
      {{"tiny", "--grid", "count=3:1:2"}, "reversed, did you mean count=1:3:2?"},
      {{"tiny", "--grid", "count=1:3:0"}, "n >= 1"},
      {{"tiny", "--grid", "low=0:3:4,log"}, "a > 0 where the axis is logarithmic"},
      {{"tiny", "--grid", "count=1:200:3"}, "tiny: count is 200; valid: in [1, 100]"},
      {{"tiny", "--grid", "low=0,9"}, "at low 9: tiny: low is 9; valid: <= high"},
      {{"tiny", "--grid", "count=1,2", "--set", "count=3"}, "--set is count=3; valid: a parameter"},
      {{"tiny", "--grid", "count=1,2", "--arm", "mian"}, "did you mean main?"},
      {{"tiny", "--grid", "scale=1:2:4000", "--grid", "low=-4000:0:4001"}, "needs --yes"},
      {{"tiny", "--grid", "count=1,2", "--shard", "3/3"}, "--shard is 3/3"},
      {{"tiny", "--grid", "count=1,2", "--metrik", "x"}, "did you mean --metric?"},
      {{"tiny", "--grid", "count=1,2", "--seed", "x"}, "--seed is x"}};
  const tests::Folder folder;
  for (const auto& [words, line] : calls) {
    const tests::Finished result = sweep(folder, words);
    INFO("standard error: " << result.err << "expected: " << line);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with("gradus: "));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK(result.err.find(line) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
  const tests::Finished metric = sweep(
      folder, {"tiny", "--grid", "count=1,2", "--arm", "main", "--quiet", "--metric", "frist"});
  CHECK(metric.status == 2);
  CHECK(metric.err == "gradus: --metric is frist; valid: first, scale; did you mean first?\n");
  CHECK(num_cells(folder) < 36); // a few cells told the names
}

TEST_CASE("a sweep shares its cells with run and with other sweeps", "[sweep]") {
  const tests::Folder folder;
  const std::string out = (folder / "out").string();
  REQUIRE(call_gradus({"run", "tiny", "--set", "count=3", "--quiet", "--out", out}).status == 0);
  CHECK(num_cells(folder) == 20);
  const tests::Finished first =
      sweep(folder, {"tiny", "--grid", "count=2:4:3", "--arm", "control-flag", "--no-figures"});
  CHECK(first.status == 0);
  CHECK(first.err.starts_with("tiny, arm control-flag: count = 3 points, 1 arm, 6 cells: 2 stored, "
                              "4 to compute\nabout "));
  CHECK(num_cells(folder) == 24);
  const tests::Finished again =
      sweep(folder, {"tiny", "--grid", "count=2:4:3", "--arm", "control-flag", "--no-figures"});
  CHECK(again.err == "tiny, arm control-flag: count = 3 points, 1 arm, 6 cells: 6 stored, 0 to "
                     "compute\n");
  CHECK(first.out == again.out);
  CHECK(sweep(folder, {"tiny", "--grid", "count=2:4:3", "--quiet", "--no-figures"}).err.empty());
}

TEST_CASE("sweep --json prints what it wrote", "[sweep]") {
  const tests::Folder folder;
  const tests::Finished result =
      sweep(folder, {"tiny", "--grid", "count=1,2", "--grid", "high=1:100:3,log", "--arm",
                     "control-flag", "--json", "--quiet", "--seeds", "7..8", "--metric", "first"});
  REQUIRE(result.status == 0);
  json printed = json::parse(result.out);
  const std::filesystem::path where = printed["directory"].get<std::string>();
  CHECK(where.filename().string().starts_with("sweep-"));
  printed.erase("directory");
  CHECK(printed == json::parse(tests::slurp(where / "sweep.json")));
  CHECK(printed["axes"][1]["at"] == json{1, 10, 100});
  CHECK(printed["axes"][1]["log"] == true);
  CHECK(printed["seeds"] == json{7, 8});
  CHECK_FALSE(printed["params"].contains("count"));
  CHECK(printed["params"]["shape"] == "round");
  REQUIRE(printed["metrics"].size() == 1);
  const json& values = printed["metrics"][0]["values"];
  CHECK(values["shape"] == json{2, 3, 2});
  CHECK(std::filesystem::exists(where / "tables" / values["file"].get<std::string>()));
  CHECK(std::filesystem::exists(where / "tables" / "control-flag.csv"));
  CHECK(tests::slurp(where / "figures" / "control-flag-first.svg").find("<svg") !=
        std::string::npos);
}

TEST_CASE("shards of a sweep fill one store with the bytes of a whole run", "[sweep]") {
  const tests::Folder whole;
  const tests::Folder parts;
  const std::vector<std::string> words{"tiny", "--grid", "count=1:4:4", "--no-figures", "--quiet"};
  REQUIRE(sweep(whole, words).status == 0);
  for (const std::string shard : {"0/3", "1/3", "2/3"}) {
    std::vector<std::string> one = words;
    one.insert(one.end(), {"--shard", shard});
    const tests::Finished result = sweep(parts, one);
    CHECK(result.status == 0);
  }
  REQUIRE(sweep(parts, words).status == 0);
  const auto tables = [](const tests::Folder& folder) {
    auto files = tests::snapshot(folder / "out" / "tiny");
    std::erase_if(files, [](const auto& file) { return file.first.ends_with("sweep.json"); });
    return files;
  };
  CHECK(tables(whole) == tables(parts));
  CHECK_FALSE(tables(whole).empty());
  CHECK(num_cells(whole) == num_cells(parts));
}

TEST_CASE("where a cell cannot be written a sweep ends with status 3, finished cells kept",
          "[sweep]") {
  const tests::Folder folder;
  const std::string out = (folder / "out").string();
  // As on a full disk, but for large files only: those of count 1 fit into a block, 100 do not.
  const tests::Finished full = tests::run(
      {"/bin/bash", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "bash", GRADUS_TEST_PROGRAM,
       "sweep", "tiny", "--grid", "count=1,100", "--arm", "main", "--quiet", "--out", out});
  CHECK(full.status == 3);
  CHECK(full.err.starts_with("gradus: cannot write " + out));
  CHECK(std::count(full.err.begin(), full.err.end(), '\n') == 1);
  const std::size_t kept = num_cells(folder);
  CHECK(kept > 0);
  CHECK(kept < 36);
  const tests::Finished again =
      sweep(folder, {"tiny", "--grid", "count=1,100", "--arm", "main", "--no-figures"});
  CHECK(again.status == 0);
  CHECK(again.err.find("36 cells: " + std::to_string(kept) + " stored") != std::string::npos);
  CHECK(num_cells(folder) == 36);
}

TEST_CASE("show names the metrics: declared ones, or those of results", "[sweep]") {
  const tests::Folder folder;
  const std::string out = (folder / "out").string();
  const auto metrics = [&](const std::string& id) {
    return json::parse(call_gradus({"show", id, "--json", "--out", out}).out)["metrics"];
  };
  CHECK(metrics("tiny").empty());
  CHECK(call_gradus({"show", "tiny", "--out", out}).out.find("not declared; a run") !=
        std::string::npos);
  REQUIRE(call_gradus({"run", "tiny", "--quiet", "--no-figures", "--out", out}).status == 0);
  REQUIRE(metrics("tiny").size() == 4);
  CHECK(metrics("tiny")[0]["name"] == "main.first");
  const json declared{{"name", "value"}, {"meaning", "the seed itself"}, {"unit", "pieces"}};
  CHECK(metrics("uneven") == json::array({declared}));
  CHECK(call_gradus({"show", "uneven"}).out.find("  value: the seed itself, in pieces\n") !=
        std::string::npos);
}

TEST_CASE("the report shows sweeps with their figures", "[sweep]") {
  const tests::Folder folder;
  const std::string out = (folder / "out").string();
  REQUIRE(
      sweep(folder, {"tiny", "--grid", "count=1:3:3", "--arm", "control-flag", "--quiet"}).status ==
      0);
  const tests::Finished report = call_gradus({"report", out});
  CHECK(report.status == 0);
  CHECK(report.out == out + "/report.html (runs: 0, sweeps: 1)\n");
  const std::string page = tests::slurp(folder / "out" / "report.html");
  CHECK(page.find("<h2>Sweep: A tiny study</h2>") != std::string::npos);
  CHECK(page.find("control-flag.first over count, 2 seeds a point.") != std::string::npos);
  CHECK(page.find("<td>1, 2, 3</td>") != std::string::npos);
  CHECK(page.find(">Sweep of tiny over count</a>") != std::string::npos);
}

} // namespace tests::sweep_cases
