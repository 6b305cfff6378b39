// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/// Files that are either whole or not there: each is written under a temporary name in its own
/// folder, forced to disk and renamed. POSIX only.

namespace gradus::study {

/// The file system refused; the message names what was tried, the path and the reason.
class IoError : public std::runtime_error {
public:
  /// @param action  what was tried, "write"   @param error  errno
  IoError(std::string_view action, const std::filesystem::path& path, int error)
      : std::runtime_error("cannot " + std::string(action) + " " + path.string() + ": " +
                           std::generic_category().message(error)) {}
};

namespace detail {

/// A file descriptor that is closed at the end of its scope.
class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const noexcept { return number_; }
  /// Closes now; false on an error that a delayed write left.
  bool close() {
    const bool ok = number_ < 0 || ::close(number_) == 0;
    number_ = -1;
    return ok;
  }

private:
  int number_;
};

inline std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) {
    return "host";
  }
  std::string text = name.data();
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

/// What stands between a file's name and the pid in the name of a temporary made on this host.
inline std::string temporary_marker() { return ".tmp-" + host_name() + "-"; }

inline void write_all(const Descriptor& file, std::string_view bytes,
                      const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ::ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      throw IoError("write", path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// Writes the bytes to a new file beside `path` and forces them to disk; returns its name.
inline std::filesystem::path write_temporary(const std::filesystem::path& path,
                                             std::string_view bytes) {
  const std::string stem =
      "." + path.filename().string() + temporary_marker() + std::to_string(::getpid()) + "-";
  for (int counter = 0;; ++counter) {
    const std::filesystem::path temporary = path.parent_path() / (stem + std::to_string(counter));
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (file.get() < 0) {
      if (errno == EEXIST) {
        continue;
      }
      throw IoError("write", path, errno);
    }
    try {
      write_all(file, bytes, path);
      if (::fsync(file.get()) != 0 || !file.close()) {
        throw IoError("write", path, errno);
      }
    } catch (...) {
      ::unlink(temporary.c_str());
      throw;
    }
    return temporary;
  }
}

/// The pid in the name of a temporary of this host, if it is one.
inline std::optional<::pid_t> temporary_owner(std::string_view name, std::string_view marker) {
  const std::size_t at = name.rfind(marker);
  if (name.empty() || name.front() != '.' || at == std::string_view::npos) {
    return std::nullopt;
  }
  name.remove_prefix(at + marker.size());
  ::pid_t pid = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
  const bool ok = parsed.ec == std::errc{} && parsed.ptr != name.data() + name.size() &&
                  *parsed.ptr == '-' && pid > 0;
  return ok ? std::optional(pid) : std::nullopt;
}

} // namespace detail

/// Makes a folder and those above it. @throws IoError
inline void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw IoError("make folder", folder, error.value());
  }
  if (!std::filesystem::is_directory(folder, error)) {
    throw IoError("make folder", folder, ENOTDIR);
  }
}

/// Forces the entries of a folder to disk, so that files renamed in it survive a power failure.
/// File systems that cannot do it are left in peace.
inline void sync_folder(const std::filesystem::path& folder) {
  const detail::Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() >= 0) {
    ::fsync(file.get());
  }
}

/// Puts a file in place whole or not at all, without forcing the folder to disk: for many small
/// files whose loss in a power failure costs only time; call sync_folder after the last.
/// @throws IoError
inline void place_file(const std::filesystem::path& path, std::string_view bytes) {
  for (int attempt = 0;; ++attempt) {
    const std::filesystem::path temporary = detail::write_temporary(path, bytes);
    if (::rename(temporary.c_str(), path.c_str()) == 0) {
      return;
    }
    const int error = errno;
    ::unlink(temporary.c_str());
    if (error != ENOENT || attempt == 3) { // ENOENT: a namesake host tidied it away; write again
      throw IoError("write", path, error);
    }
  }
}

/// Puts a file in place whole or not at all, and forces the folder to disk. @throws IoError
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  place_file(path, bytes);
  sync_folder(path.parent_path());
}

/// The bytes of a file; nothing if there is no such file. @throws IoError
[[nodiscard]] inline std::optional<std::string> read_file(const std::filesystem::path& path) {
  const detail::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    throw IoError("read", path, errno);
  }
  struct ::stat status {};
  std::string bytes;
  if (::fstat(file.get(), &status) == 0 && status.st_size > 0) {
    bytes.reserve(static_cast<std::size_t>(status.st_size));
  }
  std::array<char, 65536> block{};
  while (true) {
    const ::ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      throw IoError("read", path, errno);
    }
    if (count == 0) {
      return bytes;
    }
    bytes.append(block.data(), static_cast<std::size_t>(count));
  }
}

/// As write_file, but leaves alone a file that already holds these bytes. @throws IoError
inline void update_file(const std::filesystem::path& path, std::string_view bytes) {
  if (read_file(path) != bytes) {
    write_file(path, bytes);
  }
}

/// Removes the temporaries that killed processes of this host left in a folder.
inline void remove_stale_temporaries(const std::filesystem::path& folder) {
  const std::string marker = detail::temporary_marker();
  std::error_code ignored;
  std::filesystem::directory_iterator entries(folder, ignored);
  for (; !ignored && entries != std::filesystem::directory_iterator(); entries.increment(ignored)) {
    const auto owner = detail::temporary_owner(entries->path().filename().string(), marker);
    if (owner && ::kill(*owner, 0) != 0 && errno == ESRCH) {
      std::error_code gone;
      std::filesystem::remove(entries->path(), gone);
    }
  }
}

/// Finds out, by writing and removing an empty file, whether files can be made in a folder.
/// @throws IoError naming the folder
inline void require_writable(const std::filesystem::path& folder) {
  const std::filesystem::path probe = folder / "probe";
  const std::string stem =
      "." + probe.filename().string() + detail::temporary_marker() + std::to_string(::getpid());
  const std::filesystem::path path = folder / (stem + "-probe");
  const detail::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (file.get() < 0) {
    throw IoError("write in", folder, errno);
  }
  ::unlink(path.c_str());
}

} // namespace gradus::study
