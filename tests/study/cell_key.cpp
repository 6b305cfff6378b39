// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <variant>

#include "catch.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/cell_key.hpp>
#include <gradus/study/runner.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::key_cases {

TEST_CASE("a cell is made again from its key, and leaves the same", "[cell]") {
  const std::vector<Study> studies = fake_studies();
  Tiny::Params params;
  params.scale = 0.1; // no binary fraction
  params.low = -7;
  params.shape = "square";
  const Job job = make_job(make_study<Tiny>(), "default", list_parameters(params),
                           SeedRange{18446744073709551614ULL, 18446744073709551615ULL});
  REQUIRE(job.cells.size() > 10);
  for (const Cell& cell : job.cells) {
    const KeyedCell made = cell_from_key(studies, cell.key);
    CHECK(made.study->card.id == std::string("tiny"));
    CHECK(made.cell.name == cell.name);
    CHECK(made.cell.point.seed() == cell.point.seed());
    REQUIRE(made.cell.parameters->size() == cell.parameters->size());
    for (const Parameter& parameter : *cell.parameters) {
      CHECK(find(*made.cell.parameters, parameter.name)->value == parameter.value);
    }
    const auto bytes = [](const Study& study, const Cell& each) {
      StoredCell stored = study::detail::compute_cell(study, each);
      stored.wall_s = 0.0;
      return Store::encode(each.key, stored);
    };
    CHECK(bytes(*made.study, made.cell) == bytes(job.study, cell));
  }
  // What stands outside cells is in no key, and no cell misses it.
  Many::Params many;
  many.cells = 3;
  const Job other = make_job(make_study<Many>(), "default", list_parameters(many));
  CHECK(cell_from_key(studies, other.cells[2].key).cell.name == other.cells[2].name);
}

TEST_CASE("a key of another program is refused", "[cell]") {
  const std::vector<Study> studies = fake_studies();
  const Job job = make_job(make_study<Tiny>(), "default", list_parameters(Tiny::Params{}));
  const std::string key = job.cells[0].key;
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = key;
    changed.replace(changed.find(from), from.size(), to);
    INFO(changed);
    CHECK_THROWS_AS(cell_from_key(studies, changed), Fault);
  };
  refused("\"tiny\"", "\"tinier\"");
  refused("\"revision\":3", "\"revision\":4");
  refused("\"version\":\"", "\"version\":\"9");
  refused("\"count\":4,", "");
  refused("\"count\":4", "\"count\":\"four\"");
  refused("\"count\":4", "\"length\":4");
  refused("{\"study\"", "{study");
  refused("\"seed\":0", "\"seed\":-1");
  CHECK_THROWS_AS(cell_from_key(studies, ""), Fault);
  CHECK_THROWS_AS(cell_from_key(studies, "[]"), Fault);
}

} // namespace tests::key_cases
