// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

namespace {

tests::Finished call_gradus(std::vector<std::string> words) {
  words.insert(words.begin(), GRADUS_TEST_PROGRAM);
  return tests::run(words);
}

std::vector<std::string> keys(const json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) {
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

struct BadCall {
  std::vector<std::string> words;
  std::string line; ///< what standard error must hold
};

} // namespace

TEST_CASE("bad usage is one clear line and status 2", "[command line]") {
  const std::vector<BadCall> calls{
      {{}, "no command; valid: list, show, run, sweep, merge, report"},
      {{"lst"},
       "unknown command lst; valid: list, show, run, sweep, merge, report; did you mean list?"},
      {{"--verion"}, "unknown option --verion; valid: --help, --version; did you mean --version?"},
      {{"list", "--jsn"}, "unknown option --jsn of gradus list; valid: --help, --json; did you"},
      {{"list", "tiny"}, "unexpected word tiny after gradus list"},
      {{"list", "--json=no"}, "json was given a disallowed flag override"},
      {{"show"}, "ID is required"},
      {{"show", "tyni"}, "unknown study tyni; valid: failing, "},
      {{"run"}, "no study named; valid: --all, or one or more of failing, "},
      {{"run", "list"}, "unknown study list; valid: failing, "},
      {{"list", "run"}, "unexpected word run after gradus list"},
      {{"run", "--all", "tiny"}, "--all runs every study; name studies or give --all, not both"},
      {{"run", "tyny"}, "did you mean tiny?"},
      {{"run", "tiny", "--presett", "quick"}, "did you mean --preset?"},
      {{"run", "tiny", "--preset", "papr"},
       "--preset is papr; valid: quick, default, paper; did you mean paper?"},
      {{"run", "tiny", "--preset"}, "--preset"},
      {{"run", "tiny", "--set", "count"}, "--set is count; valid: key=value"},
      {{"run", "tiny", "--set", "=3"}, "--set is =3; valid: key=value"},
      {{"run", "tiny", "slow", "--set", "cuont=3"},
       "unknown parameter cuont; valid for tiny, slow: count, scale, flag, shape, low, high, "
       "unused; did you mean count?"},
      {{"run", "tiny", "--set", "count=few"}, "tiny: count is few; valid: an integer, in [1, 100]"},
      {{"run", "tiny", "--set", "count=1.5"}, "tiny: count is 1.5; valid: an integer, in [1, 100]"},
      {{"run", "tiny", "--set", "count=101"}, "tiny: count is 101; valid: in [1, 100]"},
      {{"run", "tiny", "--set", "count="}, "tiny: count is ; valid: an integer, in [1, 100]"},
      {{"run", "tiny", "--set", "scale=1x"}, "tiny: scale is 1x; valid: a number, > 0"},
      {{"run", "tiny", "--set", "scale=0"}, "tiny: scale is 0; valid: > 0"},
      {{"run", "tiny", "--set", "scale=nan"}, "tiny: scale is nan; valid: > 0"},
      {{"run", "tiny", "--set", "scale=inf"}, "tiny: scale is inf; valid: > 0"},
      {{"run", "tiny", "--set", "flag=maybe"}, "tiny: flag is maybe; valid: true or false"},
      {{"run", "tiny", "--set", "shape=flat"}, "tiny: shape is flat; valid: one of round, square"},
      {{"run", "tiny", "--set", "low=5"}, "tiny: low is 5; valid: <= high"},
      {{"run", "tiny", "--set", "shape=a\nb"}, "tiny: shape is a b; valid: one of"},
      {{"run", "tiny", "--seed", "-1"}, "--seed is -1; valid: an integer from 0 to"},
      {{"run", "tiny", "--seed", "1", "--seeds", "1..2"}, "--seed and --seeds exclude each other"},
      {{"run", "tiny", "--seeds", "5..2"},
       "--seeds is 5..2; valid: A..B with integers 0 <= A <= B, both ends included; reversed, did "
       "you mean 2..5?"},
      {{"run", "tiny", "--seeds", "5-2"}, "--seeds is 5-2; valid: A..B with integers"},
      {{"run", "tiny", "--seeds", "1..x"}, "--seeds is 1..x; valid: A..B with integers"},
      {{"run", "tiny", "--shard", "3/3"}, "--shard is 3/3; valid: I/3 with I in 0..2"},
      {{"run", "tiny", "--shard", "-1/3"}, "--shard is -1/3; valid: I/3 with I in 0..2"},
      {{"run", "tiny", "--shard", "0/0"}, "--shard is 0/0; valid: I/N with integers N >= 1"},
      {{"run", "tiny", "--shard", "1"}, "--shard is 1; valid: I/N with integers N >= 1"},
      {{"run", "tiny", "--threads", "0"}, "--threads is 0; valid: an integer from 1 to 1024"},
      {{"run", "tiny", "--threads", "two"}, "--threads is two; valid: an integer from 1 to 1024"},
      {{"report", "/nowhere/at/all"}, "/nowhere/at/all"},
  };
  const tests::Folder folder;
  const std::string out = (folder / "out").string();
  for (const BadCall& call : calls) {
    std::vector<std::string> words = call.words;
    if (!words.empty() && words.front() == "run") {
      words.insert(words.begin() + 1, {"--out", out});
    }
    const tests::Finished result = call_gradus(words);
    INFO("standard error: " << result.err << "expected: " << call.line);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with("gradus: "));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK(result.err.find(call.line) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("a folder that cannot be written to is one line and status 3", "[command line]") {
  const tests::Folder folder;
  std::ofstream(folder / "file") << "text";
  for (const std::string& out : {(folder / "file").string(), (folder / "file").string() + "/below",
                                 std::string("/proc"), std::string("/dev/null")}) {
    const tests::Finished result = call_gradus({"run", "tiny", "--quiet", "--out", out});
    INFO(result.err);
    CHECK(result.status == 3);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with("gradus: cannot "));
    CHECK(result.err.find(out) != std::string::npos);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  }
  CHECK(tests::slurp(folder / "file") == "text");
}

TEST_CASE("what a study throws is named with its place", "[command line]") {
  const tests::Folder folder;
  const auto run = [&](const std::string& what) {
    return call_gradus(
        {"run", "throwing", "--quiet", "--set", "what=" + what, "--out", folder.path().string()});
  };
  const tests::Finished argument = run("argument");
  CHECK(argument.status == 2);
  CHECK(argument.err == "gradus: throwing, arm a, seed 1: width is 0; valid: > 0\n");
  const tests::Finished memory = run("memory");
  CHECK(memory.status == 3);
  CHECK(memory.err == "gradus: throwing, arm a, seed 1: out of memory\n");
  const tests::Finished error = run("error");
  CHECK(error.status == 3);
  CHECK(error.err == "gradus: throwing, arm a, seed 1: it broke\n");
  const tests::Finished judge = run("judge");
  CHECK(judge.status == 3);
  CHECK(judge.err == "gradus: throwing, claim one: cannot measure\n");
  CHECK_FALSE(std::filesystem::exists(folder / "throwing"));
  const tests::Finished draw = run("draw");
  CHECK(draw.status == 0); // figures are not the result
  CHECK(draw.err == "gradus: figures not drawn: cannot draw\n");
  CHECK(draw.out == "throwing: REPRODUCED: 1 of 1 claims hold\n");
}

TEST_CASE("the exit status tells whether the claims hold", "[command line]") {
  const tests::Folder folder;
  const auto status = [&](const std::string& id) {
    return call_gradus({"run", id, "--quiet", "--no-figures", "--out", folder.path().string()})
        .status;
  };
  CHECK(status("tiny") == 0);
  CHECK(status("failing") == 1);
  CHECK(status("known-miss") == 0);
  CHECK(status("false-miss") == 1);
  CHECK(status("uneven") == 1); // a claim on NaN fails
  CHECK(status("no-arms") == 0);
  CHECK(status("no-cells") == 1);
  CHECK(call_gradus({"--version"}).status == 0);
  CHECK(call_gradus({"--help"}).status == 0);
  CHECK(call_gradus({"run", "--help"}).status == 0);
  CHECK(call_gradus({"list"}).status == 0);
  CHECK(call_gradus({"show", "tiny"}).status == 0);
}

TEST_CASE("option --version names version, compiler, flags, SIMD level and threads",
          "[command line]") {
  const std::string text = call_gradus({"--version"}).out;
  for (const char* word : {"gradus 0.", "compiler", "flags", "SIMD", "threads"}) {
    CHECK(text.find(word) != std::string::npos);
  }
}

TEST_CASE("list and show speak JSON", "[command line]") {
  const json list = json::parse(call_gradus({"list", "--json"}).out);
  REQUIRE(list.is_array());
  CHECK(list.size() == 10);
  CHECK(std::is_sorted(list.begin(), list.end(),
                       [](const json& a, const json& b) { return a["id"] < b["id"]; }));
  CHECK(keys(list[0]) == Names{"id", "line", "paper", "revision", "title"});

  const json show = json::parse(call_gradus({"show", "tiny", "--json"}).out);
  CHECK(keys(show) == Names{"arms", "claims", "id", "line", "metrics", "paper", "parameters",
                            "presets", "revision", "title"});
  CHECK(show["revision"] == 3);
  REQUIRE(show["parameters"].size() == 6);
  const json count{{"name", "count"},       {"type", "integer"},      {"unit", "pieces"},
                   {"meaning", "how many"}, {"range", "in [1, 100]"}, {"default", 4}};
  CHECK(show["parameters"][0] == count);
  CHECK(show["parameters"][2]["type"] == "boolean");
  CHECK(show["parameters"][3]["range"] == "one of round, square");
  CHECK(keys(show["presets"]) == Names{"default", "paper", "quick"});
  CHECK(show["presets"]["quick"]["count"] == 2);
  REQUIRE(show["arms"].size() == 2);
  CHECK(show["arms"][0]["name"] == "main");
  CHECK(show["arms"][0]["grid"]["x"] == json{0.5, 1.5, 2.5});
  CHECK(show["arms"][1]["params"] == json{{"flag", true}});
  REQUIRE(show["claims"].size() == 2);
  CHECK(keys(show["claims"][0]) ==
        Names{"bound", "control", "id", "known_miss", "relation", "source", "statement"});
  CHECK(show["claims"][0]["bound"] == json{1.0, 2.0});
  CHECK(show["claims"][1]["control"] == true);
}

TEST_CASE("run --json prints one object per study, the same as result.json", "[command line]") {
  const tests::Folder folder;
  const tests::Finished result =
      call_gradus({"run", "tiny", "known-miss", "tiny", "--json", "--set", "count=3", "--seeds",
                   "4..5", "--out", folder.path().string()});
  CHECK(result.status == 0);
  REQUIRE(std::count(result.out.begin(), result.out.end(), '\n') == 2);
  json printed = json::parse(result.out.substr(0, result.out.find('\n')));
  const std::filesystem::path run = printed["directory"].get<std::string>();
  CHECK(run.parent_path() == folder / "tiny");
  printed.erase("directory");
  CHECK(printed == json::parse(tests::slurp(run / "result.json")));
  CHECK(keys(printed) == Names{"build", "claims", "metrics", "paper", "params", "preset",
                               "reproduced", "seeds", "study", "timing"});
  CHECK(printed["params"]["count"] == 3);
  CHECK(printed["seeds"] == json{4, 5});
  CHECK(printed["preset"] == "default");
  CHECK(printed["reproduced"] == true);
  CHECK(keys(printed["build"]) == Names{"compiler", "flags", "simd", "threads", "version"});
  CHECK(keys(printed["timing"]) == Names{"cell_s", "cells_computed", "cells_reused", "wall_s"});
  CHECK(keys(printed["claims"][0]) == Names{"bound", "control", "holds", "id", "known_miss",
                                            "measured", "relation", "source", "spread",
                                            "statement"});
  CHECK(printed["claims"][0]["spread"] == json{1.0, 2.0});
  CHECK(printed["claims"][1]["bound"] == 0.0);
  CHECK(printed["metrics"]["main"]["cells"] == 12);
  CHECK(printed["metrics"]["main"]["diverged"] == 0);
  CHECK(printed["metrics"]["main"]["numbers"]["scale"] ==
        json{{"mean", 1.5}, {"min", 1.0}, {"max", 2.0}, {"count", 12}});
  CHECK(std::filesystem::exists(run / "traces" / "main.values.npy"));
  CHECK(std::filesystem::exists(run / "traces" / "index.json"));
}

TEST_CASE("numbers that are not finite are null in result.json and counted", "[command line]") {
  const tests::Folder folder;
  const tests::Finished result =
      call_gradus({"run", "uneven", "--json", "--out", folder.path().string()});
  const json printed = json::parse(result.out);
  CHECK(printed["claims"][0]["measured"].is_null());
  CHECK(printed["claims"][0]["spread"] == json{nullptr, nullptr});
  CHECK(printed["claims"][0]["holds"] == false);
  CHECK(printed["metrics"]["a"]["diverged"] == 1);
  CHECK(printed["metrics"]["a"]["numbers"]["value"]["count"] == 3);
  CHECK(printed["metrics"]["a"]["numbers"]["when"]["count"] == 2);
}

TEST_CASE("progress goes to standard error in plain lines, or nowhere", "[command line]") {
  const tests::Folder folder;
  const std::string out = folder.path().string();
  const tests::Finished loud = call_gradus({"run", "slow", "--out", out, "--no-figures"});
  CHECK(loud.err.find("100 %  48/48 cells") != std::string::npos);
  CHECK(loud.err.find('\r') == std::string::npos);
  CHECK(std::count(loud.err.begin(), loud.err.end(), '\n') == 10);
  CHECK(loud.out.find("REPRODUCED: 1 of 1 claims hold") != std::string::npos);
  CHECK(loud.out.find('\x1b') == std::string::npos);
  CHECK(loud.out.find((folder / "slow").string()) != std::string::npos);
  const tests::Finished quiet =
      call_gradus({"run", "slow", "--quiet", "--force", "--out", out, "--no-figures"});
  CHECK(quiet.err.empty());
  CHECK(quiet.out == "slow: REPRODUCED: 1 of 1 claims hold\n");
}

TEST_CASE("report writes one page of what lies under a folder", "[command line]") {
  const tests::Folder folder;
  const std::string out = folder.path().string();
  CHECK(call_gradus({"report", out}).status == 2); // no runs yet
  REQUIRE(call_gradus({"run", "tiny", "--quiet", "--out", out}).status == 0);
  const tests::Finished there = call_gradus({"report", out});
  CHECK(there.status == 0);
  CHECK(there.out == (folder / "report.html").string() + " (runs: 1)\n");
  CHECK(call_gradus({"report", out, "-o", (folder / "page.html").string()}).status == 0);
  CHECK(tests::slurp(folder / "page.html") == tests::slurp(folder / "report.html"));
  CHECK(call_gradus({"report", out, "-o", "/proc/page.html"}).status == 3);
}
