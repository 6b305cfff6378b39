// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <gradus/core/error.hpp>
#include <gradus/study/atomic_file.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/exit_status.hpp>
#include <gradus/study/segment.hpp>
#include <gradus/study/store.hpp>
#include <gradus/study/store_listing.hpp>

/// What `gradus merge` does: the cells of several stores in one.

namespace gradus::study {

/// What a merge did.
struct MergeResult {
  std::size_t copied = 0;             ///< cells that are new in the target
  std::size_t there = 0;              ///< cells that the target had already, with the same content
  std::vector<std::string> conflicts; ///< one line each: cells left out, since copies differ
  std::vector<std::string> damaged;   ///< one line each: cells that cannot be read back
};

namespace detail {

/// Cells of more than this number go into a segment.
constexpr std::size_t most_merged_files = 1000;

/// The listing of a store's cells. @throws ArgumentError if it is none
inline StoreListing list_cells(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder / "cells", error)) {
    throw ArgumentError("merge folder", folder.string() + ", which holds no cells",
                        "a folder filled by 'gradus run' or 'gradus sweep'");
  }
  return StoreListing(folder / "cells");
}

/// A copy of a cell in one of several stores.
struct CellCopy {
  std::size_t store = 0; ///< position
  CellName content{};    ///< hash of what it holds, its computing time left out
  bool differs = false;  ///< from another copy
};

/// Where the counting copy of a cell lies, in words.
inline std::string place_text(const StoreListing& listing, const CellName& name) {
  const std::string digits = digits_of(name);
  return listing.has_file(name)
             ? (listing.folder() / (digits + ".cbor")).string()
             : "cell " + digits + " in " +
                   listing.segments()[listing.find_packed(name)->segment].string();
}

/// The hash of what the bytes of a cell hold. @throws std::exception if it cannot be read back
inline CellName content_hash(const CellName& name, const std::string& bytes) {
  const auto [key, payload] = Store::unpack(bytes);
  if (hash_name(key) != digits_of(name)) {
    throw std::runtime_error("its name does not fit its key");
  }
  return cell_name(hash_name(std::string(payload.begin(), payload.end()))).value();
}

} // namespace detail

/// Copies the cells of stores into another, packed if there are many. A cell of which two copies
/// differ is copied from none of them (and stays as it is where the target has it): the same cell
/// has the same bits on one build, so someone has to say which build counts.
/// @param folders  filled by `run` or `sweep`   @param out  made if it is not there
/// @throws ArgumentError if a folder holds no cells   @throws IoError
inline MergeResult merge_stores(const std::vector<std::filesystem::path>& folders,
                                const std::filesystem::path& out) {
  std::vector<StoreListing> listings; // the target's last
  for (const std::filesystem::path& folder : folders) {
    listings.push_back(detail::list_cells(folder));
  }
  const Store target(out);
  listings.push_back(detail::list_cells(out));
  const std::size_t last = listings.size() - 1;

  MergeResult result;
  std::map<CellName, detail::CellCopy> chosen;
  const auto meet = [&](std::size_t store, const CellName& name) {
    try {
      const detail::CellCopy copy{
          store, detail::content_hash(name, listings[store].bytes(name).value_or(""))};
      const auto [place, is_new] = chosen.emplace(name, copy);
      if (!is_new && place->second.content != copy.content) {
        place->second.differs = true;
        result.conflicts.push_back(detail::place_text(listings[place->second.store], name) +
                                   " and " + detail::place_text(listings[store], name) +
                                   " differ; neither is merged");
      }
    } catch (const IoError&) {
      throw;
    } catch (const nlohmann::json::exception&) {
      result.damaged.push_back(detail::place_text(listings[store], name) +
                               " is no cell file; left out");
    } catch (const std::exception& error) {
      result.damaged.push_back(detail::place_text(listings[store], name) +
                               " cannot be read back (" + error.what() + "); left out");
    }
  };
  const auto meet_all = [&](std::size_t store) {
    for (const CellName& name : listings[store].files()) {
      meet(store, name);
    }
    for (const PackedCell& cell : listings[store].packed()) {
      if (!listings[store].has_file(cell.name)) {
        meet(store, cell.name);
      }
    }
  };
  meet_all(last);
  for (std::size_t store = 0; store < last; ++store) {
    meet_all(store);
  }
  for (const auto& [name, copy] : chosen) {
    if (!copy.differs) {
      ++(copy.store == last ? result.there : result.copied);
    }
  }
  CellWriter writer(target, result.copied > detail::most_merged_files, false);
  for (const auto& [name, copy] : chosen) {
    if (!copy.differs && copy.store != last) {
      writer.place(digits_of(name), listings[copy.store].bytes(name).value_or(""));
    }
  }
  writer.sync();
  return result;
}

/// Merges stores and says what became of their cells; status 1 if copies of a cell differ.
/// @throws ArgumentError, IoError
inline Exit merge_command(const std::vector<std::string>& folders, const std::string& out) {
  const MergeResult result = merge_stores({folders.begin(), folders.end()}, out);
  for (const auto* lines : {&result.damaged, &result.conflicts}) {
    for (const std::string& line : *lines) {
      detail::complain(line, Exit::success);
    }
  }
  std::cout << fmt::format(
      "{}: {} cell{} merged, {} there already{}{}\n",
      (std::filesystem::path(out) / "cells").string(), result.copied, result.copied == 1 ? "" : "s",
      result.there,
      result.conflicts.empty() ? "" : fmt::format(", {} in conflict", result.conflicts.size()),
      result.damaged.empty() ? "" : fmt::format(", {} not readable", result.damaged.size()));
  return result.conflicts.empty() ? Exit::success : Exit::failed;
}

} // namespace gradus::study
