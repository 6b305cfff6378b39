// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX has no header for it

namespace gradus::study {

/// What a child process left behind.
struct ChildResult {
  int start_error = 0; ///< errno if the program could not be started, else 0
  int status = 0;      ///< exit status; 128 + signal if one ended it
  std::string output;  ///< standard output
  std::string errors;  ///< standard error

  /// It started and ended with status 0.
  [[nodiscard]] bool ok() const noexcept { return start_error == 0 && status == 0; }
};

namespace detail {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using TemporaryFile = std::unique_ptr<std::FILE, CloseFile>;

/// An unnamed temporary file, inherited by no program but through dup2.
inline TemporaryFile temporary_file() {
  TemporaryFile file(std::tmpfile());
  if (!file) {
    throw std::system_error(errno, std::generic_category(), "cannot make a temporary file");
  }
  return file;
}

inline std::string contents(std::FILE* file) {
  std::string text;
  std::array<char, 65536> block{};
  std::rewind(file);
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file)) {
    text.append(block.data(), count);
  }
  return text;
}

} // namespace detail

/// Runs a program to its end, without a shell. Input and outputs go through unnamed files, so that
/// neither side can wait for the other.
/// @param command the program, looked up in PATH unless it has a slash, and its arguments
/// @param input   what it reads from standard input
/// @throws std::system_error if no temporary file can be made or written
[[nodiscard]] inline ChildResult run_child(std::vector<std::string> command,
                                           std::string_view input) {
  const detail::TemporaryFile in = detail::temporary_file();
  const detail::TemporaryFile out = detail::temporary_file();
  const detail::TemporaryFile err = detail::temporary_file();
  if (std::fwrite(input.data(), 1, input.size(), in.get()) != input.size() ||
      std::fflush(in.get()) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write a temporary file");
  }
  std::rewind(in.get());

  std::vector<char*> arguments;
  for (std::string& word : command) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  ::posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(in.get()), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(out.get()), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(err.get()), STDERR_FILENO);
  ChildResult result;
  ::pid_t child = 0;
  result.start_error =
      ::posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (result.start_error != 0) {
    return result;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "cannot wait for " + command.front());
    }
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = detail::contents(out.get());
  result.errors = detail::contents(err.get());
  return result;
}

} // namespace gradus::study
