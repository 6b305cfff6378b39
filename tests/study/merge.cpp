// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "catch.hpp"
#include "program.hpp"
#include <gradus/study/merge_command.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::merge_cases {

using namespace gradus::study;

namespace {

/// Stores a cell that holds one number.
void put(const std::filesystem::path& folder, const std::string& key, double value,
         double wall_s = 1.0) {
  Record record;
  record.number("value", value);
  Store(folder).save(hash_name(key), key, {record, wall_s});
}

double value_at(const std::filesystem::path& folder, const std::string& key) {
  const auto cell = Store(folder).load(hash_name(key), key);
  return cell ? cell->record.numbers().front().second : -1.0;
}

} // namespace

TEST_CASE("merging brings the cells of all stores together", "[merge]") {
  const tests::Folder folder;
  put(folder / "a", "one", 1);
  put(folder / "a", "two", 2);
  put(folder / "b", "two", 2, 5.0); // the computing time is no difference
  put(folder / "b", "three", 3);
  const MergeResult first = merge_stores({folder / "a", folder / "b"}, folder / "all");
  CHECK(first.copied == 3);
  CHECK(first.there == 0);
  CHECK(first.conflicts.empty());
  CHECK(value_at(folder / "all", "one") == 1);
  CHECK(value_at(folder / "all", "two") == 2);
  CHECK(value_at(folder / "all", "three") == 3);
  const MergeResult second = merge_stores({folder / "b", folder / "all"}, folder / "all");
  CHECK(second.copied == 0);
  CHECK(second.there == 3);
}

TEST_CASE("of cells in conflict none is chosen", "[merge]") {
  const tests::Folder folder;
  put(folder / "a", "one", 1);
  put(folder / "a", "two", 2);
  put(folder / "b", "one", 1.5);
  const MergeResult apart = merge_stores({folder / "a", folder / "b"}, folder / "all");
  CHECK(apart.copied == 1);
  REQUIRE(apart.conflicts.size() == 1);
  CHECK(apart.conflicts[0].find("differ; neither is merged") != std::string::npos);
  CHECK(value_at(folder / "all", "one") == -1);
  put(folder / "all", "one", 1);
  CHECK(merge_stores({folder / "b"}, folder / "all").conflicts.size() == 1);
  CHECK(value_at(folder / "all", "one") == 1); // as it was
}

TEST_CASE("a damaged cell is told and left out", "[merge]") {
  const tests::Folder folder;
  put(folder / "a", "one", 1);
  put(folder / "b", "one", 1);
  put(folder / "b", "two", 2);
  std::ofstream(folder / "a" / "cells" / (hash_name("one") + ".cbor")) << "rubbish";
  std::filesystem::rename(folder / "b" / "cells" / (hash_name("two") + ".cbor"),
                          folder / "b" / "cells" / (hash_name("three") + ".cbor"));
  const MergeResult result = merge_stores({folder / "a", folder / "b"}, folder / "all");
  CHECK(result.damaged.size() == 2);
  CHECK(result.copied == 1);
  CHECK(value_at(folder / "all", "one") == 1);
}

TEST_CASE("packed cells are merged as those in files are", "[merge]") {
  const tests::Folder folder;
  const auto pack = [&](const std::string& to, int first, int last) {
    const Store store(folder / to);
    CellWriter writer(store, true, false);
    for (int i = first; i < last; ++i) {
      Record record;
      record.number("value", i);
      const std::string key = std::to_string(i);
      writer.save(hash_name(key), key, {record, 1.0});
    }
  };
  const auto listed = [&](const std::string& of) { return StoreListing(folder / of / "cells"); };
  pack("a", 0, 700);
  pack("b", 600, 1200);
  put(folder / "b", "7", 7);
  put(folder / "b", "1300", 1300);
  put(folder / "b", "8", 8.5);
  put(folder / "a", "600", 600.5); // counts before the packed 600
  const MergeResult result = merge_stores({folder / "a", folder / "b"}, folder / "all");
  CHECK(result.copied == 1201 - 2);
  CHECK(result.there == 0);
  REQUIRE(result.conflicts.size() == 2);
  CHECK(result.conflicts[0].find("cell " + hash_name("8") + " in ") != std::string::npos);
  CHECK(listed("all").packed().size() == 1199);
  CHECK(listed("all").files().empty());
  const Store all(folder / "all");
  CHECK(all.load(all.list(), hash_name("1199"), "1199")->record.numbers().front().second == 1199);
  CHECK_FALSE(all.load(all.list(), hash_name("600"), "600").has_value());
  const MergeResult second = merge_stores({folder / "b"}, folder / "all");
  CHECK(second.there == 1199);
  CHECK(second.copied == 2); // which is in no conflict with itself
  CHECK(listed("all").files().size() == 2);
  // Few cells become files, wherever they come from; a damaged one is left out.
  pack("few", 2000, 2003);
  const std::filesystem::path segment = listed("few").segments().front();
  std::string bytes = tests::slurp(segment);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(segment, std::ios::binary) << bytes;
  const MergeResult few = merge_stores({folder / "few"}, folder / "all");
  CHECK(few.copied == 2);
  REQUIRE(few.damaged.size() == 1);
  CHECK(few.damaged[0].find("cannot be read back (its checksum does not fit)") !=
        std::string::npos);
  CHECK(listed("all").files().size() == 4);
}

TEST_CASE("merge speaks in exit statuses", "[merge]") {
  const tests::Folder folder;
  const auto merge = [&](const std::string& from) {
    return tests::run({GRADUS_TEST_PROGRAM, "merge", (folder / from).string(), "--out",
                       (folder / "all").string()});
  };
  const tests::Finished none = merge("nowhere");
  CHECK(none.status == 2);
  CHECK(none.err.find("which holds no cells; valid: a folder filled by") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "all"));
  put(folder / "a", "one", 1);
  put(folder / "b", "one", 2);
  CHECK(merge("a").out ==
        (folder / "all" / "cells").string() + ": 1 cell merged, 0 there already\n");
  const tests::Finished conflict = merge("b");
  CHECK(conflict.status == 1);
  CHECK(conflict.out.ends_with(": 0 cells merged, 0 there already, 1 in conflict\n"));
  CHECK(std::count(conflict.err.begin(), conflict.err.end(), '\n') == 1);
}

} // namespace tests::merge_cases
