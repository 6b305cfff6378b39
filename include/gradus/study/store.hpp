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

namespace gradus::study {

/// A cell as it lies in the store.
struct StoredCell {
  Record record;       ///< what it left
  double wall_s = 0.0; ///< what it took to compute
};

/// The finished cells of all studies: a folder with one file per cell, named by the hash of what
/// determines the cell. Each file is put in place whole, so any number of processes may fill one
/// store at once; the worst that can happen is that a cell is computed twice, to the same bytes.
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

  /// The stored cell, or nothing. A file that cannot be read back is noted and kept aside as
  /// NAME.corrupt-K, and counts as nothing.
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

  /// Stores a cell. Survives the death of the process at once, a power failure after sync().
  /// @throws IoError
  void save(const std::string& name, const std::string& key, const StoredCell& cell) const {
    place_file(path(name), encode(key, cell));
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

  static std::string encode(const std::string& key, const StoredCell& cell) {
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

  static StoredCell decode(std::string_view bytes, const std::string& key) {
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

} // namespace gradus::study
