// SPDX-License-Identifier: BSD-3-Clause
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/cell.hpp>

using namespace tests;

namespace {

std::vector<std::uint64_t> seeds_of(const Job& job, const std::string& arm) {
  std::vector<std::uint64_t> seeds;
  for (const Cell& cell : job.cells) {
    if (cell.point.arm() == arm && cell.point.index() == 0) {
      seeds.push_back(cell.point.seed());
    }
  }
  return seeds;
}

Job tiny_job(const std::optional<SeedRange>& seeds = {}) {
  return make_job(make_study<Tiny>(), "default", list_parameters(Tiny::Params{}), seeds);
}

using Seeds = std::vector<std::uint64_t>;

/// A study whose plan is one arm over the given axes.
Study with_axes(std::vector<GridAxis> axes) {
  Study study = make_study<Tiny>();
  study.plan = [axes = std::move(axes)](const Parameters& list) {
    return std::vector<Study::ArmPlan>{{"a", list, axes, 1}};
  };
  return study;
}

} // namespace

TEST_CASE("cells are arms x grid points x seeds, last axis fastest", "[cell]") {
  const Job job = tiny_job();
  REQUIRE(job.cells.size() == 2 * 3 * 3 + 2);
  const Point& fourth = job.cells[3].point;
  CHECK(fourth["scale"] == 1.0);
  CHECK(fourth["x"] == 1.5);
  CHECK(fourth.index() == 1);
  CHECK(fourth.seed() == 0);
  const Cell& later = job.cells[9];
  CHECK(later.point["scale"] == 2.0);
  CHECK(later.point["x"] == 0.5);
  CHECK(std::get<double>(find(*later.parameters, "scale")->value) == 2.0); // written in
  CHECK(find(*later.parameters, "x") == nullptr); // no parameter, only a coordinate
  CHECK(job.cells.back().point.arm() == "control-flag");
  CHECK(std::get<bool>(find(*job.cells.back().parameters, "flag")->value));
  CHECK(job.cells.front().cost == 10.0);
}

TEST_CASE("a seed range replaces every arm's seeds, each taking at most its number", "[cell]") {
  CHECK(seeds_of(tiny_job(), "main") == Seeds{0, 1, 2});
  CHECK(seeds_of(tiny_job(), "control-flag") == Seeds{0, 1});
  const Job shifted = tiny_job(SeedRange{10, 19});
  CHECK(seeds_of(shifted, "main") == Seeds{10, 11, 12});
  CHECK(seeds_of(shifted, "control-flag") == Seeds{10, 11});
  CHECK(shifted.seeds == Seeds{10, 11, 12});
  CHECK(tiny_job(SeedRange{7, 7}).seeds == Seeds{7});
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  CHECK(tiny_job(SeedRange{last, last}).seeds == Seeds{last});
  CHECK(seeds_of(tiny_job(SeedRange{0, last}), "main") == Seeds{0, 1, 2});
  CHECK(tiny_job(SeedRange{0, 9}).key == tiny_job().key); // the same cells, the same run
  CHECK(shifted.key != tiny_job().key);
}

TEST_CASE("a cell's name follows from what determines it", "[cell]") {
  std::set<std::string> names;
  for (const Cell& cell : tiny_job().cells) {
    CHECK(cell.name.size() == 32);
    CHECK(cell.name == hash_name(cell.key));
    names.insert(cell.name);
  }
  CHECK(names.size() == 20);
  Study revised = make_study<Tiny>();
  ++revised.card.revision;
  const Job job = make_job(revised, "default", list_parameters(Tiny::Params{}));
  CHECK(names.count(job.cells[0].name) == 0);
  CHECK(job.key != tiny_job().key);
  // Pinned: a change of these strands every store there is.
  CHECK(tiny_job().cells[0].key ==
        R"({"study":"tiny","revision":3,"version":")" GRADUS_VERSION
        R"(","arm":"main","parameters":{"count":4,"flag":false,"high":1,"low":0,"scale":1.0,)"
        R"("shape":"round"},"coordinates":[["scale",1.0],["x",0.5]],"index":0,"seed":0})");
  // The name-based UUID (version 5, OID name space) of the text, as any UUID library gives it.
  CHECK(hash_name("gradus") == "d3fd8e73f74e576b96fc34ee179c19cd");
}

TEST_CASE("a grid may run over integers and booleans", "[cell]") {
  const Job job = make_job(with_axes({{"count", {3, 5}}, {"flag", {0, 1}}}), "default",
                           list_parameters(Tiny::Params{}));
  REQUIRE(job.cells.size() == 4);
  CHECK(std::get<std::int64_t>(find(*job.cells[3].parameters, "count")->value) == 5);
  CHECK(std::get<bool>(find(*job.cells[3].parameters, "flag")->value));
}

TEST_CASE("everything is validated before anything runs", "[cell]") {
  const Parameters list = list_parameters(Tiny::Params{});
  const auto message = [&](std::vector<GridAxis> axes) -> std::string {
    try {
      (void)make_job(with_axes(std::move(axes)), "default", list);
    } catch (const ArgumentError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message({}) == "");
  CHECK(message({{"x", {}}}) == "");
  CHECK(message({{"count", {3.5}}}) == "tiny, arm a: count is 3.5; valid: an integer, in [1, 100]");
  CHECK(message({{"count", {3, 101}}}) == "tiny, arm a: count is 101; valid: in [1, 100]");
  CHECK(message({{"shape", {1}}}).starts_with("tiny, arm a: shape is 1; valid:"));
  CHECK(message({{"flag", {2}}}) == "tiny, arm a: flag is 2; valid: 0 or 1");
  CHECK(message({{"low", {0, 2}}}) == "tiny, arm a: low is 2; valid: <= high");
  CHECK(message({{"x", {std::nan("")}}}) == "tiny, arm a: x is nan; valid: a finite number");
  CHECK(message({{"x", {1, 2, 1}}}).starts_with("tiny, arm a: x is 1; valid: a value that"));
  CHECK(message({{"x", {1}}, {"x", {2}}}) == "tiny, arm a: axis is x; valid: a name used once");

  Study twins = make_study<Tiny>();
  twins.plan = [](const Parameters& p) {
    return std::vector<Study::ArmPlan>{{"a", p, {}, 1}, {"a", p, {}, 1}};
  };
  CHECK_THROWS_AS(make_job(twins, "default", list), ArgumentError);
  twins.plan = [](const Parameters& p) { return std::vector<Study::ArmPlan>{{"a", p, {}, -1}}; };
  CHECK_THROWS_AS(make_job(twins, "default", list), ArgumentError);
}

TEST_CASE("studies without cells are studies", "[cell]") {
  const Job none = make_job(make_study<NoArms>(), "default", list_parameters(NoParams{}));
  CHECK(none.cells.empty());
  CHECK(none.seeds.empty());
  const Job empty = make_job(make_study<NoCells>(), "default", list_parameters(NoParams{}));
  CHECK(empty.cells.empty());
  CHECK(empty.arms.size() == 2);
  CHECK(empty.seeds.empty());
}
