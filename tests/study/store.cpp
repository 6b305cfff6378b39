// SPDX-License-Identifier: BSD-3-Clause
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include <gradus/study/store.hpp>

using namespace gradus::study;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// One of everything a record can hold.
Record sample() {
  Record record;
  record.number("third", 1.0 / 3.0);
  record.number("tiny", 5e-324);
  record.number("minus zero", -0.0);
  record.never("never");
  record.number("nan", std::nan(""));
  record.number("minus infinity", -infinity);
  record.series("wave", {"step", {0, 1, infinity}, "s"}, {std::nan(""), -infinity, 0.1});
  record.table("table", {{"row", {1, 2}}, {"column", {3}}}, {4, 5});
  record.series("empty", {"step", {}}, {});
  return record;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

void check_same(const Record& a, const Record& b) {
  REQUIRE(a.numbers().size() == b.numbers().size());
  for (std::size_t i = 0; i < a.numbers().size(); ++i) {
    CHECK(a.numbers()[i].first == b.numbers()[i].first);
    CHECK(same_bits(a.numbers()[i].second, b.numbers()[i].second));
  }
  REQUIRE(a.all_series().size() == b.all_series().size());
  for (std::size_t i = 0; i < a.all_series().size(); ++i) {
    const Series& x = a.all_series()[i];
    const Series& y = b.all_series()[i];
    CHECK(x.name == y.name);
    REQUIRE(x.axes.size() == y.axes.size());
    for (std::size_t d = 0; d < x.axes.size(); ++d) {
      CHECK(x.axes[d].name == y.axes[d].name);
      CHECK(x.axes[d].unit == y.axes[d].unit);
      CHECK(x.axes[d].at == y.axes[d].at);
    }
    REQUIRE(x.values.size() == y.values.size());
    for (std::size_t k = 0; k < x.values.size(); ++k) {
      CHECK(same_bits(x.values[k], y.values[k]));
    }
  }
  REQUIRE(a.divergence().has_value() == b.divergence().has_value());
  if (a.divergence()) {
    CHECK(same_bits(a.divergence()->step, b.divergence()->step));
    CHECK(a.divergence()->quantity == b.divergence()->quantity);
  }
}

} // namespace

TEST_CASE("a cell comes back from the store bit by bit", "[store]") {
  const tests::Folder folder;
  const Store store(folder.path());
  Record marked;
  marked.diverged(17, "loss");
  marked.number("later", std::nan(""));
  Record never;
  never.never("hit");
  for (const Record& record : {sample(), Record(), marked, never}) {
    store.save("name", "key", {record, 0.25});
    const auto loaded = store.load("name", "key");
    REQUIRE(loaded.has_value());
    check_same(loaded->record, record);
    CHECK(loaded->wall_s == 0.25);
  }
  CHECK_FALSE(never.divergence().has_value());
  CHECK_FALSE(store.load("other", "key").has_value());
}

TEST_CASE("no damage to a cell's file goes unnoticed", "[store]") {
  const tests::Folder folder;
  std::vector<std::string> notes;
  const Store store(folder.path(), [&](const std::string& line) { notes.push_back(line); });
  store.save("name", "key", {sample(), 0.0});
  const std::string good = tests::slurp(store.path("name"));
  const auto put = [&](const std::string& bytes) {
    std::ofstream(store.path("name"), std::ios::binary) << bytes;
  };
  const std::size_t wall = good.find("wall_s"); // the computing time is not protected
  std::size_t damaged = 0;
  for (std::size_t i = 0; i < wall; ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    put(bad);
    const auto loaded = store.load("name", "key");
    ++damaged;
    INFO("byte " << i << " of " << good.size());
    REQUIRE_FALSE(loaded.has_value());
    REQUIRE(notes.size() == damaged);
    std::filesystem::remove(folder / "cells" / "name.corrupt-1");
  }
  for (std::size_t size = 0; size < good.size(); size += 7) {
    put(good.substr(0, size));
    REQUIRE_FALSE(store.load("name", "key").has_value());
    std::filesystem::remove(folder / "cells" / "name.corrupt-1");
  }
  put(good + "x");
  CHECK_FALSE(store.load("name", "key").has_value());
  put(good);
  CHECK_FALSE(store.load("name", "another key").has_value());
  CHECK(notes.back().find("it belongs to another cell") != std::string::npos);
  CHECK(tests::slurp(folder / "cells" / "name.corrupt-2") == good); // kept, not deleted
}

TEST_CASE("opening a store tidies up and checks that it can be written", "[store]") {
  const tests::Folder folder;
  std::filesystem::create_directory(folder / "cells");
  const std::string stale =
      ".x.cbor" + gradus::study::detail::temporary_marker() + std::to_string(99999999) + "-0";
  std::ofstream(folder / "cells" / stale) << "half";
  const Store store(folder.path());
  CHECK(tests::snapshot(folder.path()).empty());
  CHECK_THROWS_AS(Store("/proc"), IoError);
}
