// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include <gradus/study/cell.hpp>
#include <gradus/study/store.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::segment_cases {

using namespace gradus::study;

namespace {

using Notes = std::vector<std::string>;
using Paths = std::vector<std::filesystem::path>;

StoredCell holding(double value) {
  Record record;
  record.number("value", value);
  record.series("wave", {"step", {0, 1}}, {value, 0.5});
  return {record, 0.25};
}

/// Packs cells "0", "1", ... that hold their number, in a segment of their own.
void pack(const Store& store, int count, double more = 0.0, bool replace = false) {
  CellWriter writer(store, true, replace);
  for (int i = 0; i < count; ++i) {
    const std::string key = std::to_string(i);
    writer.save(hash_name(key), key, holding(i + more));
  }
  writer.sync();
}

/// The value of a cell of this key; -1 if there is none.
double value_of(const Store& store, const StoreListing& listing, const std::string& key) {
  const auto cell = store.load(listing, hash_name(key), key);
  return cell ? cell->record.numbers().front().second : -1.0;
}

Paths segments(const Store& store) { return store.list().segments(); }

void put(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

} // namespace

TEST_CASE("packed cells come back from their segment", "[segment]") {
  const tests::Folder folder;
  const Store store(folder.path());
  CHECK(store.list().segments().empty());
  { const CellWriter idle(store, true, false); }
  CHECK(store.list().segments().empty()); // made at the first cell
  pack(store, 100);
  const StoreListing listing = store.list();
  REQUIRE(listing.segments().size() == 1);
  CHECK(listing.packed().size() == 100);
  CHECK(listing.files().empty());
  CHECK(sizeof(PackedCell) == 32); // what a cell costs in memory
  for (int i = 0; i < 100; ++i) {
    const std::string key = std::to_string(i);
    const auto cell = store.load(listing, hash_name(key), key);
    REQUIRE(cell.has_value());
    CHECK(cell->record.numbers().front().second == i);
    CHECK(cell->record.all_series().front().values == std::vector<double>{double(i), 0.5});
    CHECK(cell->wall_s == 0.25);
  }
  CHECK_FALSE(store.load(listing, hash_name("none"), "none").has_value());
  CHECK_FALSE(store.load(listing, hash_name("1"), "2").has_value()); // whose key it is not
  // A cell that was stored later is seen by a later listing.
  pack(store, 101);
  CHECK(value_of(store, listing, "100") == -1);
  CHECK(value_of(store, store.list(), "100") == 100);
}

TEST_CASE("a segment is a CBOR sequence of what single files would hold", "[segment]") {
  const tests::Folder folder;
  const Store store(folder.path());
  pack(store, 3);
  const std::string bytes = tests::slurp(segments(store).front());
  std::size_t begin = 0;
  for (const char* key : {"0", "1", "2"}) {
    const std::size_t size =
        SegmentWriter::record(CellName{}, Store::encode(key, holding(0))).size();
    const Json record =
        Json::from_cbor(bytes.substr(begin, size), true, true, Json::cbor_tag_handler_t::ignore);
    begin += size;
    REQUIRE(record.size() == 4);
    const auto& name = record[0].get_binary();
    CHECK(std::equal(name.begin(), name.end(), cell_name(hash_name(key))->begin()));
    const auto& cell = record[3].get_binary();
    const std::string text(cell.begin(), cell.end());
    CHECK(text == Store::encode(key, holding(std::stod(key))));
    CHECK(record[1].get<std::uint32_t>() == gradus::study::detail::crc_of(text));
  }
  CHECK(begin == bytes.size());
}

TEST_CASE("a cell's name is 32 hexadecimal digits", "[segment]") {
  CHECK(cell_name("000102030405060708090a0b0c0d0eff")->back() == 255);
  CHECK(cell_name("000102030405060708090a0b0c0d0eff")->at(10) == 10);
  CHECK_FALSE(cell_name("").has_value());
  CHECK_FALSE(cell_name("name").has_value());
  CHECK_FALSE(cell_name("000102030405060708090a0b0c0d0eFF").has_value());
  CHECK_FALSE(cell_name("000102030405060708090a0b0c0d0eff0").has_value());
}

TEST_CASE("a segment cut anywhere keeps its whole cells", "[segment]") {
  const tests::Folder folder;
  Notes notes;
  const Store store(folder.path(), [&](const std::string& line) { notes.push_back(line); });
  pack(store, 3);
  const std::filesystem::path file = segments(store).front();
  const std::string good = tests::slurp(file);
  REQUIRE(good.size() % 3 == 0);
  for (std::size_t size = 0; size < good.size(); ++size) {
    put(file, good.substr(0, size));
    const StoreListing listing = store.list();
    const std::size_t whole = size / (good.size() / 3);
    INFO(size << " of " << good.size());
    REQUIRE(listing.packed().size() == whole);
    REQUIRE(value_of(store, listing, "0") == (whole > 0 ? 0 : -1));
    REQUIRE(value_of(store, listing, "2") == -1);
  }
  CHECK(notes.empty()); // a writer that was killed is no damage
}

TEST_CASE("no damage to a segment goes unnoticed or costs another cell", "[segment]") {
  const tests::Folder folder;
  Notes notes;
  const Store store(folder.path(), [&](const std::string& line) { notes.push_back(line); });
  pack(store, 3);
  const std::filesystem::path file = segments(store).front();
  const std::string good = tests::slurp(file);
  const std::size_t record = good.size() / 3;
  for (std::size_t i = record; i < 2 * record; ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    put(file, bad);
    notes.clear();
    const StoreListing listing = store.list();
    INFO("byte " << i - record << " of " << record);
    REQUIRE(value_of(store, listing, "0") == 0);
    REQUIRE(value_of(store, listing, "1") == -1);
    REQUIRE(value_of(store, listing, "2") == 2);
    REQUIRE(notes.size() == 1);
  }
  CHECK(notes[0].find("cannot be read back (its checksum does not fit); it is computed again") !=
        std::string::npos);
  put(file, good.substr(0, record) + std::string(300000, 'x') + good.substr(record));
  notes.clear();
  CHECK(value_of(store, store.list(), "2") == 2);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].ends_with("is damaged: 300000 bytes hold no cell"));
  put(file, good.substr(7, 2 * record)); // begins and ends inside a cell
  notes.clear();
  const StoreListing listing = store.list();
  CHECK(listing.packed().size() == 1);
  CHECK(value_of(store, listing, "1") == 1);
  put(file, ""); // shrinks under a listing
  CHECK(value_of(store, listing, "1") == -1);
  CHECK(notes.back().find("it is not where it was") != std::string::npos);
}

TEST_CASE("what is no segment file is passed over", "[segment]") {
  const tests::Folder folder;
  Notes notes;
  const Store store(folder.path(), [&](const std::string& line) { notes.push_back(line); });
  pack(store, 2);
  std::filesystem::create_directory(folder / "cells" / "segment-000000-folder.cborseq");
  std::filesystem::create_symlink("nowhere", folder / "cells" / "segment-000009-gone.cborseq");
  put(folder / "cells" / "segment-.cborseq", "");
  put(folder / "cells" / "segment-000007.txt", "text");
  CHECK(value_of(store, store.list(), "1") == 1);
  CHECK(notes.size() == 2);
  pack(store, 1);
  CHECK(segments(store).back().filename().string().starts_with("segment-000010-"));
}

TEST_CASE("of several copies of a cell the latest counts", "[segment]") {
  const tests::Folder folder;
  const Store store(folder.path());
  store.save(hash_name("0"), "0", holding(10));
  store.save(hash_name("1"), "1", holding(11));
  CHECK(value_of(store, store.list(), "0") == 10); // a store of files alone
  pack(store, 1, 20, true);                        // replaces the file of "0"
  CHECK(value_of(store, store.list(), "0") == 20);
  CHECK(value_of(store, store.list(), "1") == 11);
  pack(store, 3, 30);
  CHECK(value_of(store, store.list(), "0") == 30);
  CHECK(value_of(store, store.list(), "2") == 32);
  store.save(hash_name("2"), "2", holding(42));
  const StoreListing listing = store.list();
  CHECK(value_of(store, listing, "2") == 42);
  CHECK(listing.packed().size() == 3);
  CHECK(listing.files().size() == 2);
  CHECK(listing.segments().size() == 2);
  CHECK(gradus::study::detail::segment_number(listing.segments()[1].filename().string()) == 2);
}

TEST_CASE("a cell with a name of its own stays a file", "[segment]") {
  const tests::Folder folder;
  const Store store(folder.path());
  CellWriter writer(store, true, false);
  writer.save("name", "key", holding(1));
  writer.sync();
  const StoreListing listing = store.list();
  CHECK(listing.segments().empty());
  CHECK(store.load(listing, "name", "key").has_value());
}

} // namespace tests::segment_cases
