// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gradus/study/atomic_file.hpp>
#include <gradus/study/segment.hpp>

namespace gradus::study {

/// A cell in a segment.
struct PackedCell {
  CellName name{};           ///< whose cell it is
  std::uint32_t segment = 0; ///< position in StoreListing::segments()
  std::uint32_t length = 0;  ///< of the cell, bytes
  std::uint64_t offset = 0;  ///< of its head in the segment
};

namespace detail {

/// Reads at any place of a file.
class RandomReader {
public:
  explicit RandomReader(std::filesystem::path path)
      : path_(std::move(path)), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_.get() < 0) {
      throw IoError("read", path_, errno);
    }
  }

  /// What is there of `count` bytes from `offset` on. @throws IoError
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t count) const {
    std::string bytes(count, '\0');
    std::size_t got = 0;
    while (got < count) {
      const ::ssize_t more =
          ::pread(file_.get(), bytes.data() + got, count - got, static_cast<::off_t>(offset + got));
      if (more < 0 && errno == EINTR) {
        continue;
      }
      if (more < 0) {
        throw IoError("read", path_, errno);
      }
      if (more == 0) {
        break;
      }
      got += static_cast<std::size_t>(more);
    }
    bytes.resize(got);
    return bytes;
  }

  /// Size of the file now.
  [[nodiscard]] std::uint64_t size() const {
    struct ::stat status {};
    if (::fstat(file_.get(), &status) != 0) {
      throw IoError("read", path_, errno);
    }
    return static_cast<std::uint64_t>(status.st_size);
  }

private:
  std::filesystem::path path_;
  Descriptor file_;
};

/// Calls found(offset, head) for each cell of a segment, in order. A cell that ends behind the end
/// of the file is one whose writer died, or is at it: left out in silence.
/// @return  bytes that are no cell; 0 unless the file is damaged
template <class Found>
std::uint64_t scan_segment(const RandomReader& file, Found&& found) {
  constexpr std::size_t block = std::size_t{1} << 18U;
  const std::uint64_t size = file.size();
  std::uint64_t begin = 0; // of what is in memory
  std::string bytes;
  const auto at = [&](std::uint64_t offset) {
    if (offset < begin || offset + SegmentHead::size > begin + bytes.size()) {
      begin = offset;
      bytes = file.read(offset, block);
    }
    return std::string_view(bytes).substr(static_cast<std::size_t>(offset - begin));
  };
  std::uint64_t damaged = 0;
  std::uint64_t offset = 0;
  while (offset + SegmentHead::size <= size) {
    const std::string_view here = at(offset);
    if (const auto head = SegmentHead::parse(here)) {
      const std::uint64_t next = offset + SegmentHead::size + head->length;
      if (next > size) {
        return damaged;
      }
      found(offset, *head);
      offset = next;
      continue;
    }
    if (here.size() < SegmentHead::size) { // the file shrank meanwhile
      break;
    }
    const std::size_t step =
        std::min(here.find(SegmentHead::start, 1), here.size() - SegmentHead::start.size() + 1);
    damaged += step;
    offset += step;
  }
  return damaged;
}

} // namespace detail

/// What a store held when this was made: the names of all cells and where they lie. Takes 16 bytes
/// of memory a cell with a file of its own and 32 a packed one.
class StoreListing {
public:
  /// @param cells  the folder; empty if it is not there
  /// @param note   takes one line on each segment that is damaged
  /// @throws IoError
  explicit StoreListing(const std::filesystem::path& cells,
                        const std::function<void(const std::string&)>& note = {})
      : folder_(cells) {
    std::error_code error;
    std::filesystem::directory_iterator entries(cells, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
      const std::string file = entries->path().filename().string();
      if (detail::is_segment(file)) {
        segments_.push_back(entries->path());
      } else if (file.ends_with(".cbor")) {
        if (const auto name = cell_name(std::string_view(file).substr(0, file.size() - 5))) {
          files_.push_back(*name);
        }
      }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      throw IoError("read", cells, error.value());
    }
    std::sort(files_.begin(), files_.end());
    std::sort(segments_.begin(), segments_.end(), [](const auto& a, const auto& b) {
      const auto key = [](const std::filesystem::path& path) {
        std::string name = path.filename().string();
        return std::pair(detail::segment_number(name), std::move(name));
      };
      return key(a) < key(b);
    });
    for (const std::filesystem::path& segment : segments_) {
      add(segment, note);
    }
    // Of several copies the last one counts.
    std::stable_sort(packed_.begin(), packed_.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
    const auto first = std::unique(packed_.rbegin(), packed_.rend(),
                                   [](const auto& a, const auto& b) { return a.name == b.name; });
    packed_.erase(packed_.begin(), first.base());
  }

  /// The folder.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Names of the cells that have a file of their own, ascending.
  [[nodiscard]] const std::vector<CellName>& files() const noexcept { return files_; }
  /// The packed cells, ascending by name, each once. Some may have a file of their own too, which
  /// then counts.
  [[nodiscard]] const std::vector<PackedCell>& packed() const noexcept { return packed_; }
  /// The segments, in the order in which they were made.
  [[nodiscard]] const std::vector<std::filesystem::path>& segments() const noexcept {
    return segments_;
  }

  /// Whether the cell has a file of its own.
  [[nodiscard]] bool has_file(const CellName& name) const {
    return std::binary_search(files_.begin(), files_.end(), name);
  }

  /// The packed cell of that name; nullptr if there is none.
  [[nodiscard]] const PackedCell* find_packed(const CellName& name) const {
    const auto at =
        std::lower_bound(packed_.begin(), packed_.end(), name,
                         [](const PackedCell& cell, const CellName& x) { return cell.name < x; });
    return at != packed_.end() && at->name == name ? &*at : nullptr;
  }

  /// The bytes of a packed cell: what its own file would hold. Any thread may read.
  /// @throws std::runtime_error if they are damaged   @throws IoError
  [[nodiscard]] std::string read(const PackedCell& cell) const {
    const std::size_t size = detail::SegmentHead::size + cell.length;
    std::string bytes = cell.segment < readers_.size()
                            ? readers_[cell.segment]->read(cell.offset, size)
                            : detail::RandomReader(segments_[cell.segment]).read(cell.offset, size);
    const auto head = detail::SegmentHead::parse(bytes);
    if (!head || bytes.size() != size || head->name != cell.name) {
      throw std::runtime_error("it is not where it was");
    }
    bytes.erase(0, detail::SegmentHead::size);
    if (detail::crc_of(bytes) != head->checksum) {
      throw std::runtime_error("its checksum does not fit");
    }
    return bytes;
  }

  /// The bytes of the counting copy of a cell, unchecked where it has a file of its own; nothing if
  /// there is none. Any thread may read. @throws std::runtime_error if they are damaged
  [[nodiscard]] std::optional<std::string> bytes(const CellName& name) const {
    if (has_file(name)) {
      return read_file(folder_ / (digits_of(name) + ".cbor"));
    }
    const PackedCell* cell = find_packed(name);
    return cell != nullptr ? std::optional(read(*cell)) : std::nullopt;
  }

private:
  static constexpr std::size_t most_open = 128; ///< segments that stay open

  void add(const std::filesystem::path& path, const std::function<void(const std::string&)>& note) {
    const auto segment = static_cast<std::uint32_t>(&path - segments_.data());
    std::string problem;
    std::unique_ptr<detail::RandomReader> file;
    try {
      file = std::make_unique<detail::RandomReader>(path);
      const std::uint64_t damaged =
          detail::scan_segment(*file, [&](std::uint64_t offset, const detail::SegmentHead& head) {
            packed_.push_back({head.name, segment, head.length, offset});
          });
      if (damaged > 0) {
        problem = "is damaged: " + std::to_string(damaged) + " bytes hold no cell";
      }
    } catch (const IoError& error) {
      problem = std::string("is passed over: ") + error.what();
    }
    if (!problem.empty() && note) {
      note("segment " + path.string() + " " + problem);
    }
    if (segment < most_open) {
      readers_.push_back(std::move(file)); // never used where it could not be opened
    }
  }

  std::filesystem::path folder_;
  std::vector<CellName> files_;
  std::vector<std::filesystem::path> segments_;
  std::vector<std::unique_ptr<detail::RandomReader>> readers_;
  std::vector<PackedCell> packed_;
};

} // namespace gradus::study
