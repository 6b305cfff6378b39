// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <boost/crc.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gradus/study/atomic_file.hpp>

/// Segments: files of many cells, for batches of more cells than a file system likes files. A
/// segment is a CBOR sequence (RFC 8742) of arrays [name, checksum of the cell, checksum of this
/// head, cell], each with the tag of self-described CBOR, whose cell is a byte string: what the
/// cell's own file would hold. All heads have one size, so that a segment is listed without reading
/// what lies between them, and what is damaged is passed over. Each process appends to a segment of
/// its own, one write a cell.

namespace gradus::study {

/// The name of a cell, as bytes.
using CellName = std::array<std::uint8_t, 16>;

/// The bytes that 32 hexadecimal digits name; nothing if the text is something else.
[[nodiscard]] inline std::optional<CellName> cell_name(std::string_view digits) {
  CellName name{};
  if (digits.size() != 2 * name.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (value < 0) {
      return std::nullopt;
    }
    name[i / 2] = static_cast<std::uint8_t>(name[i / 2] << 4U | value);
  }
  return name;
}

/// Inverse of cell_name.
[[nodiscard]] inline std::string digits_of(const CellName& name) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : name) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

namespace detail {

inline std::uint32_t crc_of(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

inline std::string big_endian(std::uint32_t word) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>(word >> shift & 255U);
  }
  return bytes;
}

inline std::uint32_t from_big_endian(std::string_view bytes) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    word = word << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return word;
}

/// The head of a cell in a segment.
struct SegmentHead {
  /// Tag 55799, an array of four, 16 bytes; then the name.
  static constexpr std::string_view start{"\xd9\xd9\xf7\x84\x50", 5};
  static constexpr std::size_t size = start.size() + 16 + 3 * 5; ///< of a head, bytes
  /// Greatest size of a cell.
  static constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();

  CellName name{};
  std::uint32_t checksum = 0; ///< of the cell
  std::uint32_t length = 0;   ///< of the cell, bytes

  [[nodiscard]] std::string bytes() const {
    const std::string id(name.begin(), name.end());
    const std::string sum = big_endian(checksum);
    const std::string len = big_endian(length);
    return std::string(start) + id + "\x1a" + sum + "\x1a" + big_endian(crc_of(id + sum + len)) +
           "\x5a" + len;
  }

  /// The head that bytes begin with; nothing if it is none or damaged.
  [[nodiscard]] static std::optional<SegmentHead> parse(std::string_view bytes) {
    if (bytes.size() < size || !bytes.starts_with(start)) {
      return std::nullopt;
    }
    SegmentHead head;
    std::memcpy(head.name.data(), bytes.data() + start.size(), head.name.size());
    head.checksum = from_big_endian(bytes.substr(22));
    head.length = from_big_endian(bytes.substr(32));
    return head.bytes() == bytes.substr(0, size) ? std::optional(head) : std::nullopt;
  }
};

constexpr std::string_view segment_start = "segment-";
constexpr std::string_view segment_end = ".cborseq";

inline bool is_segment(std::string_view name) {
  return name.starts_with(segment_start) && name.ends_with(segment_end);
}

/// The number in a segment's name.
inline std::uint64_t segment_number(std::string_view name) {
  std::uint64_t number = 0;
  name.remove_prefix(segment_start.size());
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

} // namespace detail

/// Appends cells to a segment of its own, made at the first. Any thread may append. Where two
/// segments hold a cell the one of the higher number, the later made, counts.
class SegmentWriter {
public:
  /// @param folder  of the store's cells
  explicit SegmentWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What stands for a cell in a segment.
  [[nodiscard]] static std::string record(const CellName& name, std::string_view cell) {
    const auto length = static_cast<std::uint32_t>(cell.size());
    std::string bytes = detail::SegmentHead{name, detail::crc_of(cell), length}.bytes();
    bytes += cell;
    return bytes;
  }

  /// Appends a cell. Survives the death of the process at once, and a power failure a second later
  /// if further cells follow, else after sync(). A cell that does not fit on the disk leaves no
  /// trace.
  /// @throws IoError
  void append(const CellName& name, std::string_view cell) {
    const std::string bytes = record(name, cell);
    const std::lock_guard lock(mutex_);
    if (!file_) {
      create();
    }
    try {
      detail::write_all(*file_, bytes, path_);
    } catch (const IoError&) {
      // Best effort: readers pass over half a record too.
      [[maybe_unused]] const int cut = ::ftruncate(file_->get(), size_);
      throw;
    }
    size_ += static_cast<::off_t>(bytes.size());
    const auto now = std::chrono::steady_clock::now();
    if (now - synced_ > std::chrono::seconds(1)) {
      force();
      synced_ = now;
    }
  }

  /// Forces what was appended to disk. @throws IoError
  void sync() {
    const std::lock_guard lock(mutex_);
    if (file_) {
      force();
    }
  }

private:
  void create() {
    std::error_code error;
    std::uint64_t number = 0;
    std::filesystem::directory_iterator entries(folder_, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().string();
      if (detail::is_segment(name)) {
        number = std::max(number, detail::segment_number(name));
      }
    }
    const std::string owner = "-" + detail::host_name() + "-" + std::to_string(::getpid());
    while (true) {
      std::string digits = std::to_string(++number);
      digits.insert(0, digits.size() < 6 ? 6 - digits.size() : 0, '0');
      path_ = folder_ / (std::string(detail::segment_start) + digits + owner +
                         std::string(detail::segment_end));
      file_.emplace(
          ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
      if (file_->get() >= 0) {
        return;
      }
      const int reason = errno;
      file_.reset();
      if (reason != EEXIST) {
        throw IoError("write", path_, reason);
      }
    }
  }

  void force() {
    if (::fdatasync(file_->get()) != 0) {
      throw IoError("write", path_, errno);
    }
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
  std::optional<detail::Descriptor> file_;
  ::off_t size_ = 0;
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
};

} // namespace gradus::study
