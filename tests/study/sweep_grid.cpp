// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/sweep_grid.hpp>
#include <gradus/study/sweep_plan.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::sweep_grid_cases {

using namespace gradus;
using namespace gradus::study;

namespace {

const Study& tiny() {
  static const Study study = make_study<tests::Tiny>();
  return study;
}
Parameters defaults() { return tiny().preset(Preset::standard); }
SweepAxis axis(const std::string& word) { return parse_grid(word, defaults(), "tiny"); }

std::string refusal(const std::vector<std::string>& words) {
  try {
    static_cast<void>(parse_grids(words, defaults(), "tiny"));
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "accepted";
}

std::string refused_sweep(const std::vector<std::string>& words, const std::string& arm = {},
                          std::size_t most = most_sweep_cells) {
  try {
    static_cast<void>(make_sweep(tiny(), "default", defaults(),
                                 parse_grids(words, defaults(), "tiny"), arm, {}, most));
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "accepted";
}

/// Keys of the cells that `run --set` has.
std::set<std::string> keys_of_run(const std::vector<std::pair<std::string, std::string>>& sets,
                                  const std::string& arm) {
  Parameters parameters = defaults();
  for (Parameter& parameter : parameters) {
    for (const auto& [name, word] : sets) {
      if (parameter.name == name) {
        set_parameter(parameter, word);
      }
    }
  }
  std::set<std::string> keys;
  for (const Cell& cell : make_job(tiny(), "default", parameters).cells) {
    if (arm.empty() || cell.point.arm() == arm) {
      keys.insert(cell.key);
    }
  }
  return keys;
}

} // namespace

TEST_CASE("a range becomes values that --set can be given", "[sweep]") {
  const SweepAxis scale = axis("scale=0.1:0.7:7");
  CHECK_FALSE(scale.log);
  CHECK(scale.numbers() == std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7});
  for (const Value& value : axis("scale=0.001:3:23,log").values) {
    Parameter again = *find(defaults(), "scale");
    set_parameter(again, value_text(value));
    CHECK(again.value == value);
  }
  const SweepAxis decades = axis("scale=1e-3:1e3:7,log");
  CHECK(decades.log);
  CHECK(decades.numbers() == std::vector<double>{1e-3, 1e-2, 0.1, 1, 10, 100, 1000});
  CHECK(axis("scale=2:2:1").numbers() == std::vector<double>{2});
  CHECK(axis("low=-3:3:3").numbers() == std::vector<double>{-3, 0, 3});
}

TEST_CASE("integers are rounded, and each is taken once", "[sweep]") {
  CHECK(axis("count=1:5:9").numbers() == std::vector<double>{1, 2, 3, 4, 5});
  const SweepAxis log = axis("count=1:100:20,log");
  const std::vector<double> values = log.numbers();
  CHECK(values.front() == 1);
  CHECK(values.back() == 100);
  CHECK(std::adjacent_find(values.begin(), values.end()) == values.end());
  CHECK(std::is_sorted(values.begin(), values.end()));
  CHECK(std::holds_alternative<std::int64_t>(log.values.front()));
}

TEST_CASE("a list may hold numbers in any order, words and flags", "[sweep]") {
  CHECK(axis("scale=10,1,0.5").numbers() == std::vector<double>{0.5, 1, 10});
  CHECK(axis("scale=10,1,log").log);
  const SweepAxis words = axis("shape=square,round");
  CHECK_FALSE(words.is_numeric());
  CHECK(words.values == std::vector<Value>{std::string("square"), std::string("round")});
  CHECK(words.numbers() == std::vector<double>{0, 1});
  CHECK(axis("flag=true,false").values == std::vector<Value>{true, false});
}

TEST_CASE("bad grids are refused in one clear line", "[sweep]") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> calls{
      {{}, "number of --grid is 0; valid: one to three"},
      {{"low=1,2", "high=3,4", "count=1,2", "scale=1,2"}, "number of --grid is 4; valid: one to"},
      {{"count"}, "--grid is count; valid: key=a:b:n[,log] or key=v1,v2,..."},
      {{"=1:2:3"}, "--grid is =1:2:3; valid: key="},
      {{"cuont=1:2:2"},
       "--grid axis is cuont; valid: a parameter of tiny: count, scale, flag, "
       "shape, low, high; did you mean count?"},
      {{"count=1,2", "count=3,4"}, "--grid axis is count; valid: a parameter not used before"},
      {{"count="}, "a value is empty"},
      {{"count=1,,2"}, "a value is empty"},
      {{"count=5:1:3"}, "reversed, did you mean count=1:5:3?"},
      {{"scale=2:1:3,log"}, "reversed, did you mean scale=1:2:3,log?"},
      {{"count=1:5:0"}, "n >= 1"},
      {{"count=1:5:-2"}, "n >= 1"},
      {{"count=1:5:2.5"}, "--grid is count=1:5:2.5; valid: a:b:n"},
      {{"count=1:5:1"}, "a < b and an integer n >= 2, or a:a:1"},
      {{"count=5:5:2"}, "a < b and an integer n >= 2, or a:a:1"},
      {{"count=1:5"}, "valid: a:b:n[,log]"},
      {{"count=1:5:2:3"}, "valid: a:b:n[,log]"},
      {{"count=1:5:3,lgo"}, "only log may stand behind a range"},
      {{"count=1:5:3,7"}, "only log may stand behind a range"},
      {{"count=1:101:3"}, "tiny: count is 101; valid: in [1, 100]"},
      {{"count=x:5:3"}, "tiny: count is x; valid: an integer, in [1, 100]"},
      {{"count=1.5:5:3"}, "tiny: count is 1.5; valid: an integer, in [1, 100]"},
      {{"count=1,few"}, "tiny: count is few; valid: an integer, in [1, 100]"},
      {{"count=1,1e0"}, "each value stands once; 1e0 does not"},
      {{"low=0:5:3,log"}, "a > 0 where the axis is logarithmic"},
      {{"low=-1,5,log"}, "values > 0 where the axis is logarithmic"},
      {{"scale=nan"}, "tiny: scale is nan; valid: > 0"},
      {{"scale=1:inf:3"}, "tiny: scale is inf; valid: > 0"},
      {{"scale=1:2:1e9"}, "n <= 1e7"},
      {{"shape=round,flat"}, "tiny: shape is flat; valid: one of round, square"},
      {{"shape=a:b:3"}, "tiny: shape is a:b:3; valid: one of"},
      {{"flag=0:1:2"}, "tiny: flag is 0:1:2; valid: true or false"},
      {{"flag=true,1"}, "each value stands once"}};
  for (const auto& [words, line] : calls) {
    const std::string message = refusal(words);
    INFO(message << " | expected: " << line);
    CHECK(message.find(line) != std::string::npos);
  }
}

TEST_CASE("the cells of a sweep are those of run --set", "[sweep]") {
  const auto axes = parse_grids({"count=1:3:3", "shape=round,square"}, defaults(), "tiny");
  for (const std::string arm : {"", "main"}) {
    const SweepPlan plan = make_sweep(tiny(), "default", defaults(), axes, arm);
    std::set<std::string> keys;
    std::set<std::string> expected;
    for (const Cell& cell : plan.job.cells) {
      CHECK(keys.insert(cell.key).second);
    }
    for (const char* count : {"1", "2", "3"}) {
      for (const char* shape : {"round", "square"}) {
        expected.merge(keys_of_run({{"count", count}, {"shape", shape}}, arm));
      }
    }
    CHECK(keys == expected);
    CHECK(plan.arms.size() == (arm.empty() ? 2 : 1));
    REQUIRE(plan.arms[0].cells.size() == 6);
    CHECK(plan.arms[0].cells[5].size() == 18);
    CHECK(plan.arms[0].seeds == std::vector<std::uint64_t>{0, 1, 2});
    CHECK_FALSE(plan.arms[0].axes_move);
  }
}

TEST_CASE("cells that do not see an axis are shared along it", "[sweep]") {
  // The arm's own grid runs over `scale`, so that the parameter reaches no cell of it.
  const auto axes = parse_grids({"scale=1,2,3"}, defaults(), "tiny");
  const SweepPlan plan = make_sweep(tiny(), "default", defaults(), axes, "main");
  CHECK(plan.job.cells.size() == 18);
  CHECK(plan.arms[0].cells[0] == plan.arms[0].cells[2]);
  CHECK(make_sweep(tiny(), "default", defaults(), axes, "control-flag").job.cells.size() == 6);
}

TEST_CASE("a sweep is refused before its first cell", "[sweep]") {
  CHECK(refused_sweep({"low=0:2:3"}) == "at low 2: tiny: low is 2; valid: <= high");
  CHECK(refused_sweep({"count=1,2"}, "mian") ==
        "--arm is mian; valid: an arm of tiny: main, control-flag; did you mean main?");
  CHECK(refused_sweep({"count=1:10:10"}, "main", 179).find("at most 179; more needs --yes") !=
        std::string::npos);
  CHECK(refused_sweep({"count=1:10:10"}, "main", 180) == "accepted");
  CHECK(refused_sweep({"scale=1:2:4000", "low=-4000:0:4000"}).find("number of cells is 16000000") !=
        std::string::npos);
}

TEST_CASE("the key of a sweep knows axes, arm and seeds", "[sweep]") {
  const auto key = [&](const std::string& word, const std::string& arm,
                       std::optional<SeedRange> seeds) {
    return make_sweep(tiny(), "default", defaults(), parse_grids({word}, defaults(), "tiny"), arm,
                      seeds)
        .job.key;
  };
  const std::string one = key("count=1,2", "main", {});
  CHECK(one == key("count=1:2:2", "main", {}));
  CHECK(one != key("count=1,3", "main", {}));
  CHECK(one != key("count=1,2", "", {}));
  CHECK(one != key("count=1,2", "main", SeedRange{5, 6}));
}

} // namespace tests::sweep_grid_cases
