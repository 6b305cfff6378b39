// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include <gradus/study/atomic_file.hpp>

using namespace gradus::study;

TEST_CASE("write_file replaces a file and leaves nothing beside it", "[atomic file]") {
  const tests::Folder folder;
  write_file(folder / "a.txt", "one");
  write_file(folder / "a.txt", std::string(100000, 'x'));
  write_file(folder / "empty", "");
  const auto files = tests::snapshot(folder.path());
  REQUIRE(files.size() == 2);
  CHECK(files.at("a.txt") == std::string(100000, 'x'));
  CHECK(read_file(folder / "empty") == "");
  CHECK_FALSE(read_file(folder / "none").has_value());
}

TEST_CASE("update_file leaves an equal file alone", "[atomic file]") {
  const tests::Folder folder;
  update_file(folder / "a", "one");
  const auto past = std::filesystem::last_write_time(folder / "a") - std::chrono::hours(1);
  std::filesystem::last_write_time(folder / "a", past);
  update_file(folder / "a", "one");
  CHECK(std::filesystem::last_write_time(folder / "a") == past);
  update_file(folder / "a", "two");
  CHECK(std::filesystem::last_write_time(folder / "a") != past);
  CHECK(read_file(folder / "a") == "two");
}

TEST_CASE("failures name the path and the reason", "[atomic file]") {
  const tests::Folder folder;
  const auto missing = (folder / "no") / "file";
  CHECK_THROWS_WITH(write_file(missing, "x"),
                    "cannot write " + missing.string() + ": No such file or directory");
  std::filesystem::create_directory(folder / "dir");
  CHECK_THROWS_AS(write_file(folder / "dir", "x"), IoError); // a folder is in the way
  CHECK_THROWS_AS(read_file(folder / "dir"), IoError);
  CHECK_THROWS_WITH(write_file("/dev/full/x", "x"), "cannot write /dev/full/x: Not a directory");
  std::ofstream(folder / "file") << "x";
  CHECK_THROWS_AS(make_folder(folder / "file"), IoError);
  CHECK_THROWS_AS(make_folder((folder / "file") / "below"), IoError);
  CHECK_THROWS_AS(require_writable("/proc"), IoError);
  CHECK(tests::snapshot(folder.path()).size() == 1); // no temporary is left
}

TEST_CASE("temporaries of dead processes of this host are removed, others stay", "[atomic file]") {
  const tests::Folder folder;
  const auto touch = [&](const std::string& name) { std::ofstream(folder / name) << "half"; };
  const std::string marker = gradus::study::detail::temporary_marker();
  const std::string dead = std::to_string(99999999);
  const std::string alive = std::to_string(::getpid());
  touch(".a.cbor" + marker + dead + "-0");
  touch(".a.cbor" + marker + alive + "-0");
  touch(".a.cbor.tmp-elsewhere-" + dead + "-0");
  touch("a.cbor" + marker + dead + "-0"); // not hidden: not ours
  touch(".a" + marker + "x-0");
  remove_stale_temporaries(folder.path());
  const auto files = tests::snapshot(folder.path());
  CHECK(files.size() == 4);
  CHECK(files.count(".a.cbor" + marker + dead + "-0") == 0);
  remove_stale_temporaries(folder / "none"); // no folder: nothing to do
}

TEST_CASE("threads that write one file leave one whole version", "[atomic file]") {
  const tests::Folder folder;
  std::vector<std::thread> threads;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    threads.emplace_back([&folder, letter] {
      for (int i = 0; i < 25; ++i) {
        place_file(folder / "shared", std::string(5000, letter));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::string bytes = tests::slurp(folder / "shared");
  CHECK(bytes.size() == 5000);
  CHECK(bytes == std::string(5000, bytes[0]));
  CHECK(tests::snapshot(folder.path()).size() == 1);
}
