// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <gradus/core/error.hpp>
#include <gradus/study/atomic_file.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/exit_status.hpp>
#include <gradus/study/store.hpp>

/// What `gradus merge` does: the cells of several stores in one.

namespace gradus::study {

/// What a merge did.
struct MergeResult {
  std::size_t copied = 0;             ///< cells that are new in the target
  std::size_t there = 0;              ///< cells that the target had already, with the same content
  std::vector<std::string> conflicts; ///< one line each: cells left out, since copies differ
  std::vector<std::string> damaged;   ///< one line each: files that cannot be read back
};

namespace detail {

/// The cell files of a store, by name. @throws ArgumentError if it is none
inline std::vector<std::filesystem::path> cell_files(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator it(folder / "cells", error);
  if (error) {
    throw ArgumentError("merge folder", folder.string() + ", which holds no cells",
                        "a folder filled by 'gradus run' or 'gradus sweep'");
  }
  for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    if (it->path().extension() == ".cbor" && !it->path().filename().string().starts_with('.')) {
      files.push_back(it->path());
    }
  }
  if (error) {
    throw IoError("read", folder / "cells", error.value());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A copy of a cell: where it lies and a hash of what it holds, its computing time left out.
struct CellCopy {
  std::filesystem::path file;
  std::string content;
};

/// Reads the copy that a file holds. @throws std::exception if it cannot be read back
inline CellCopy read_copy(const std::filesystem::path& file) {
  const auto [key, payload] = Store::unpack(read_file(file).value_or(""));
  if (hash_name(key) != file.stem().string()) {
    throw std::runtime_error("its name does not fit its key");
  }
  return {file, hash_name(std::string(payload.begin(), payload.end()))};
}

} // namespace detail

/// Copies the cells of stores into another. A cell of which two copies differ is copied from none
/// of them (and stays as it is where the target has it): the same cell has the same bits on one
/// build, so someone has to say which build counts.
/// @param folders  filled by `run` or `sweep`   @param out  made if it is not there
/// @throws ArgumentError if a folder holds no cells   @throws IoError
inline MergeResult merge_stores(const std::vector<std::filesystem::path>& folders,
                                const std::filesystem::path& out) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& folder : folders) {
    const std::vector<std::filesystem::path> more = detail::cell_files(folder);
    files.insert(files.end(), more.begin(), more.end());
  }
  const Store target(out);
  MergeResult result;
  std::map<std::string, detail::CellCopy> chosen; // by name of the cell
  std::set<std::string> bad;
  std::set<std::string> already;
  const auto meet = [&](const std::filesystem::path& file) {
    const std::string name = file.stem().string();
    try {
      detail::CellCopy copy = detail::read_copy(file);
      const auto [place, is_new] = chosen.emplace(name, copy);
      if (!is_new && place->second.content != copy.content) {
        bad.insert(name);
        result.conflicts.push_back(place->second.file.string() + " and " + file.string() +
                                   " differ; neither is merged");
      }
      return true;
    } catch (const IoError&) {
      throw;
    } catch (const nlohmann::json::exception&) {
      result.damaged.push_back(file.string() + " is no cell file; left out");
    } catch (const std::exception& error) {
      result.damaged.push_back(file.string() + " cannot be read back (" + error.what() +
                               "); left out");
    }
    return false;
  };
  for (const std::filesystem::path& file : detail::cell_files(out)) {
    if (meet(file)) {
      already.insert(file.stem().string());
    }
  }
  for (const std::filesystem::path& file : files) {
    meet(file);
  }
  for (const auto& [name, copy] : chosen) {
    if (bad.contains(name)) {
      continue;
    }
    if (already.contains(name)) {
      ++result.there;
      continue;
    }
    place_file(target.path(name), read_file(copy.file).value_or(""));
    ++result.copied;
  }
  target.sync();
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
