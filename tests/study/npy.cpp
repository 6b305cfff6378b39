// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/npy.hpp>

using namespace tests;

namespace {

/// The cells of a study computed on the spot.
Results results_of(const Job& job) {
  std::vector<CellResult> cells;
  for (const Cell& cell : job.cells) {
    Record record;
    job.study.run(*cell.parameters, cell.point, Stream(cell.point.seed(), job.study.card.id),
                  record);
    cells.push_back({cell.point, record});
  }
  return Results(std::move(cells));
}

Json index_of(const std::filesystem::path& folder) {
  return Json::parse(slurp(folder / "index.json"));
}

/// Values of a float64 .npy file; checks its header against the shape.
std::vector<double> load(const std::filesystem::path& path, const std::string& shape) {
  const std::string bytes = slurp(path);
  REQUIRE(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t start = 10 + static_cast<unsigned char>(bytes[8]) +
                            256 * static_cast<std::size_t>(static_cast<unsigned char>(bytes[9]));
  CHECK(start % 16 == 0);
  const std::string header = bytes.substr(10, start - 10);
  INFO(header);
  CHECK(header.find("'descr': '<f8'") != std::string::npos);
  CHECK(header.find("'fortran_order': False") != std::string::npos);
  CHECK(header.find("'shape': " + shape) != std::string::npos);
  std::vector<double> values((bytes.size() - start) / sizeof(double));
  std::memcpy(values.data(), bytes.data() + start, values.size() * sizeof(double));
  return values;
}

/// Equal, NaN to NaN.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

const double hole = std::nan("");

} // namespace

TEST_CASE("traces hold every number and series with their axes", "[npy]") {
  const Folder folder;
  const Job job = make_job(make_study<Tiny>(), "default", list_parameters(Tiny::Params{}));
  const Results results = results_of(job);
  write_traces(job, results, folder.path());
  const Json index = index_of(folder.path());
  REQUIRE(index.size() == 4);
  CHECK(index[1]["file"] == "main.values.npy");
  CHECK(index[1]["arm"] == "main");
  CHECK(index[1]["series"] == "values");
  CHECK(index[1]["shape"] == Json({2, 3, 3, 4}));
  const Json axes = index[1]["axes"];
  REQUIRE(axes.size() == 4);
  CHECK(axes[0]["name"] == "scale");
  CHECK(axes[0]["at"] == Json({1.0, 2.0}));
  CHECK(axes[1]["name"] == "x");
  CHECK(axes[2]["name"] == "seed");
  CHECK(axes[2]["at"] == Json({0, 1, 2}));
  CHECK(axes[3]["name"] == "position");
  CHECK(axes[3]["unit"] == "m");
  CHECK(axes[3]["at"].size() == 4);

  const std::vector<double> values = load(folder / "main.values.npy", "(2, 3, 3, 4)");
  REQUIRE(values.size() == 72);
  for (std::size_t i = 0; i < 18; ++i) {
    const std::vector<double>& expected = results.cells()[i].record.all_series()[0].values;
    CHECK(std::equal(expected.begin(), expected.end(), values.begin() + std::ptrdiff_t(4 * i)));
  }
  CHECK(index[0]["file"] == "main.numbers.npy");
  CHECK(index[0]["axes"][3]["at"] == Json({"first", "scale"}));
  const std::vector<double> numbers = load(folder / "main.numbers.npy", "(2, 3, 3, 2)");
  CHECK(numbers[0] == values[0]);
  CHECK(numbers[35] == 2.0);
  CHECK(index[3]["shape"] == Json({2, 4})); // no grid: seed x position
}

TEST_CASE("holes are NaN, shorter series are padded, unequal axes get a file", "[npy]") {
  const Folder folder;
  const Job job = make_job(make_study<Uneven>(), "default", list_parameters(NoParams{}));
  write_traces(job, results_of(job), folder.path());
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(same(load(folder / "a.numbers.npy", "(4, 2)"), {0, 7, 1, 7, 2, inf, hole, inf}));
  CHECK(same(load(folder / "a.short.npy", "(4, 3)"),
             {0, hole, hole, 0, 1, hole, 0, 1, 2, hole, hole, hole}));
  CHECK(same(load(folder / "a.square.npy", "(4, 3, 2)"),
             {0, 0, hole, hole, hole, hole, 1,    1,    1,    1,    hole, hole,
              2, 2, 2,    2,    2,    2,    hole, hole, hole, hole, hole, hole}));
  CHECK(same(load(folder / "a.moving.npy", "(4, 2)"), {1, 2, 1, 2, 1, 2, hole, hole}));
  CHECK(same(load(folder / "a.moving.time.npy", "(4, 2)"), {0, 9, 0.5, 9, 1, 9, hole, hole}));
  const Json index = index_of(folder.path());
  CHECK(index[1]["axes"][1]["at"] == Json({0.0, 1.0, 2.0}));
  CHECK(index[3]["axes"][1]["at"].is_null());
  CHECK(index[3]["axes"][1]["file"] == "a.moving.time.npy");
}

TEST_CASE("no cells, no files but an empty index", "[npy]") {
  const Folder folder;
  const Job none = make_job(make_study<NoArms>(), "default", list_parameters(NoParams{}));
  write_traces(none, Results(), folder / "none");
  CHECK(snapshot(folder / "none").size() == 1);
  CHECK(index_of(folder / "none") == Json::array());
  const Job empty = make_job(make_study<NoCells>(), "default", list_parameters(NoParams{}));
  write_traces(empty, Results(), folder / "empty");
  CHECK(index_of(folder / "empty") == Json::array());
}

TEST_CASE("names that a file system cannot bear are made plain and kept apart", "[npy]") {
  Study study = make_study<NoArms>();
  study.plan = [](const Parameters& p) { return std::vector<Study::ArmPlan>{{"a/b", p, {}, 1}}; };
  study.run = [](const Parameters&, const Point&, const Stream&, Record& out) {
    out.series("../x", {"t", {0}}, {1});
    out.series("..?x", {"t", {0}}, {2});
    out.series("numbers", {"t", {0}}, {3});
    out.number("n", 4);
  };
  const Folder folder;
  const Job job = make_job(study, "default", list_parameters(NoParams{}));
  write_traces(job, results_of(job), folder.path());
  const Json index = index_of(folder.path());
  REQUIRE(index.size() == 4);
  CHECK(index[0]["file"] == "a_b.numbers.npy");
  CHECK(index[1]["file"] == "a_b..._x.npy");
  CHECK(index[2]["file"] == "a_b..._x-2.npy");
  CHECK(index[3]["file"] == "a_b.numbers-2.npy");
  CHECK(index[2]["series"] == "..?x");
}

TEST_CASE("a series with another number of axes in one cell is a fault", "[npy]") {
  Study study = make_study<NoArms>();
  study.plan = [](const Parameters& p) { return std::vector<Study::ArmPlan>{{"a", p, {}, 2}}; };
  study.run = [](const Parameters&, const Point& at, const Stream&, Record& out) {
    at.seed() == 0 ? out.series("s", {"t", {0}}, {1}) : out.table("s", {}, {1});
  };
  const Folder folder;
  const Job job = make_job(study, "default", list_parameters(NoParams{}));
  CHECK_THROWS_AS(write_traces(job, results_of(job), folder.path()), Fault);
}
