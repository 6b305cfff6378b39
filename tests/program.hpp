// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

// Folders and programs for tests that run a program as a user does.

namespace tests {

/// A fresh folder, removed at the end of the scope.
class Folder {
public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "gradus-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("cannot make " + name);
    }
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

/// The bytes of a file; empty if it is not there.
inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Name and bytes of every regular file below a folder.
inline std::map<std::string, std::string> snapshot(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  if (std::filesystem::exists(folder)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        files[entry.path().lexically_relative(folder).string()] = slurp(entry.path());
      }
    }
  }
  return files;
}

/// A program that has been started, its output caught in files.
class Process {
public:
  /// @param words  program and arguments   @param environment  NAME=value, set in the child
  explicit Process(const std::vector<std::string>& words,
                   const std::vector<std::string>& environment = {}) {
    std::vector<char*> argv;
    for (const std::string& word : words) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      redirect(out(), STDOUT_FILENO);
      redirect(err(), STDERR_FILENO);
      for (const std::string& setting : environment) {
        ::putenv(const_cast<char*>(setting.c_str()));
      }
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
  }
  ~Process() {
    if (pid_ > 0 && !waited_) {
      kill();
      wait();
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void kill() const { ::kill(pid_, SIGKILL); }

  /// Exit status, or 128 + signal.
  int wait() {
    int state = 0;
    ::waitpid(pid_, &state, 0);
    waited_ = true;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  }

  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }
  [[nodiscard]] std::filesystem::path err() const { return folder_ / "err"; }

private:
  static void redirect(const std::filesystem::path& to, int stream) {
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(file, stream);
    ::close(file);
  }

  Folder folder_;
  ::pid_t pid_ = -1;
  bool waited_ = false;
};

/// What a finished program left.
struct Finished {
  int status;
  std::string out;
  std::string err;
};

/// Runs a program to its end.
inline Finished run(const std::vector<std::string>& words,
                    const std::vector<std::string>& environment = {}) {
  Process process(words, environment);
  const int status = process.wait();
  return {status, slurp(process.out()), slurp(process.err())};
}

} // namespace tests
