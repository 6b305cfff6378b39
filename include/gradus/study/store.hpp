// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/crc.hpp>

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/segment.hpp>
#include <gradus/study/store_listing.hpp>

namespace gradus::study {

/// A cell as it lies in the store.
struct StoredCell {
  Record record;       ///< what it left
  double wall_s = 0.0; ///< what it took to compute
};

/// The finished cells of all studies, each named by the hash of what determines it: a folder with
/// one file a cell, and segments for cells that come by the thousand (CellWriter). A file is put in
/// place whole, and a segment has one writer, so any number of processes may fill one store at
/// once; the worst that can happen is that a cell is computed twice, to the same bytes.
class Store {
public:
  /// Opens the store `folder`/cells, made if it is not there, and tidies up after killed processes.
  /// @param note  takes one line on each cell that cannot be read back; may be called by several
  ///              threads at once
  /// @throws IoError if files cannot be made there
  explicit Store(const std::filesystem::path& folder,
                 std::function<void(const std::string&)> note = {})
      : cells_(folder / "cells"), note_(std::move(note)) {
    make_folder(cells_);
    require_writable(cells_);
    remove_stale_temporaries(cells_);
  }

  /// Where the cell of that name lies, or will.
  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return cells_ / (name + ".cbor");
  }
  /// The folder of the cells.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return cells_; }

  /// What there is now; segments that are damaged are noted. @throws IoError
  [[nodiscard]] StoreListing list() const { return StoreListing(cells_, note_); }

  /// The stored cell of a listing, or nothing if it has none that can be read back: then what
  /// there is gets noted, and a file is kept aside as NAME.corrupt-K. Any thread may load.
  /// @param name  the cell's name   @param key  the text that the name is the hash of
  /// @throws IoError if a bad file cannot be moved
  [[nodiscard]] std::optional<StoredCell> load(const StoreListing& listing, const std::string& name,
                                               const std::string& key) const {
    const auto bytes = cell_name(name);
    if (!bytes || listing.has_file(*bytes)) {
      return load(name, key);
    }
    const PackedCell* packed = listing.find_packed(*bytes);
    if (packed == nullptr) {
      return std::nullopt;
    }
    std::string problem;
    try {
      return decode(listing.read(*packed), key);
    } catch (const nlohmann::json::exception&) {
      problem = "not a cell";
    } catch (const std::exception& error) {
      problem = error.what();
    }
    if (note_) {
      note_("stored cell " + name + " in " + listing.segments()[packed->segment].string() +
            " cannot be read back (" + problem + "); it is computed again");
    }
    return std::nullopt;
  }

  /// The stored cell that has a file of its own, or nothing. A file that cannot be read back is
  /// noted and kept aside as NAME.corrupt-K, and counts as nothing.
  /// @param name  the cell's name   @param key  the text that the name is the hash of
  /// @throws IoError if the bad file cannot be moved
  [[nodiscard]] std::optional<StoredCell> load(const std::string& name,
                                               const std::string& key) const {
    std::string problem;
    try {
      const std::optional<std::string> bytes = read_file(path(name));
      if (!bytes) {
        return std::nullopt;
      }
      return decode(*bytes, key);
    } catch (const nlohmann::json::exception&) {
      problem = "not a cell file";
    } catch (const std::exception& error) {
      problem = error.what();
    }
    set_aside(name, problem);
    return std::nullopt;
  }

  /// Stores a cell in a file of its own. Survives the death of the process at once, a power failure
  /// after sync().
  /// @throws IoError
  void save(const std::string& name, const std::string& key, const StoredCell& cell) const {
    place_file(path(name), encode(key, cell));
  }

  /// The bytes of a cell's file.
  [[nodiscard]] static std::string encode(const std::string& key, const StoredCell& cell) {
    std::vector<std::uint8_t> payload = Json::to_cbor(record_json(cell.record));
    Json file;
    file["key"] = key;
    file["checksum"] = checksum(payload);
    file["payload"] = Json::binary(std::move(payload));
    file["wall_s"] = cell.wall_s;
    std::string bytes;
    Json::to_cbor(file, bytes);
    return bytes;
  }

  /// Inverse of encode.
  /// @throws nlohmann::json::exception, std::runtime_error if the bytes are damaged or another's
  [[nodiscard]] static StoredCell decode(std::string_view bytes, const std::string& key) {
    const auto store_tags = Json::cbor_tag_handler_t::store;
    const Json file = parsed(bytes);
    if (file.at("key").get_ref<const std::string&>() != key) {
      throw std::runtime_error("it belongs to another cell");
    }
    const auto& payload = checked_payload(file);
    return {
        record_from_json(Json::from_cbor(payload.begin(), payload.end(), true, true, store_tags)),
        file.at("wall_s").get<double>()};
  }

  /// Key and record (packed) of the bytes of a cell's file.
  /// @throws nlohmann::json::exception, std::runtime_error if they cannot be read back
  [[nodiscard]] static std::pair<std::string, std::vector<std::uint8_t>>
  unpack(std::string_view bytes) {
    const Json file = parsed(bytes);
    return {file.at("key").get<std::string>(), checked_payload(file)};
  }

  /// Forces the names of the stored cells to disk.
  void sync() const { sync_folder(cells_); }

private:
  static std::uint32_t checksum(const std::vector<std::uint8_t>& bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
  }

  static Json parsed(std::string_view bytes) {
    return Json::from_cbor(bytes.begin(), bytes.end(), true, true, Json::cbor_tag_handler_t::store);
  }
  static const std::vector<std::uint8_t>& checked_payload(const Json& file) {
    const auto& payload = file.at("payload").get_binary();
    if (file.at("checksum").get<std::uint32_t>() != checksum(payload)) {
      throw std::runtime_error("its checksum does not fit");
    }
    return payload;
  }

  void set_aside(const std::string& name, const std::string& problem) const {
    const std::filesystem::path from = path(name);
    std::filesystem::path to;
    std::error_code error;
    for (int k = 1;; ++k) {
      to = cells_ / (name + ".corrupt-" + std::to_string(k));
      if (!std::filesystem::exists(std::filesystem::symlink_status(to, error))) {
        break;
      }
    }
    std::filesystem::rename(from, to, error);
    if (error && error != std::errc::no_such_file_or_directory) {
      throw IoError("set aside", from, error.value());
    }
    if (note_) {
      note_("stored cell " + from.string() + " cannot be read back (" + problem +
            "); kept aside as " + to.filename().string() + " and computed again");
    }
  }

  std::filesystem::path cells_;
  std::function<void(const std::string&)> note_;
};

/// Stores the cells of one batch: one file each, or packed into a segment. Any thread may save.
class CellWriter {
public:
  /// @param store    must outlive this
  /// @param packed   into a segment; each file costs about a millisecond, here and whenever
  ///                 somebody copies or lists the folder
  /// @param replace  cells may be stored already, and the new ones are to count
  CellWriter(const Store& store, bool packed, bool replace)
      : store_(store), packed_(packed), replace_(replace), segment_(store.folder()) {}

  /// Stores a cell; survives the death of the process at once. @throws IoError
  void save(const std::string& name, const std::string& key, const StoredCell& cell) {
    place(name, Store::encode(key, cell));
  }

  /// Stores the bytes of a cell, as Store::encode makes them. @throws IoError
  void place(const std::string& name, std::string_view cell) {
    const auto bytes = packed_ ? cell_name(name) : std::nullopt;
    if (!bytes || cell.size() > detail::SegmentHead::most) {
      place_file(store_.path(name), cell);
      return;
    }
    segment_.append(*bytes, cell);
    if (replace_) {
      ::unlink(store_.path(name).c_str()); // a file of its own would count
    }
  }

  /// Forces the stored cells to disk. @throws IoError
  void sync() {
    segment_.sync();
    store_.sync();
  }

private:
  const Store& store_;
  bool packed_;
  bool replace_;
  SegmentWriter segment_;
};

} // namespace gradus::study
