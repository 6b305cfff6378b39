// SPDX-License-Identifier: BSD-3-Clause
// The program gradus-mpi, run by mpirun: what the ranks leave is what one process leaves.
#include "catch.hpp"

#ifndef GRADUS_TEST_MPI_PROGRAM

TEST_CASE("gradus-mpi is not tested: MPI was not found", "[mpi]") { SUCCEED(); }

#else

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "program.hpp"
#include "study/run_results.hpp"
#include <gradus/study/store_listing.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::mpi_cases {

using nlohmann::json;

namespace {

using Words = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

/// The command line of a program in so many ranks. Open MPI has to be told that root and few cores
/// will do.
Words mpirun(int count, const std::string& program, const Words& more = {}) {
  static const std::string version = tests::run({GRADUS_MPIEXEC, "--version"}).out;
  const bool open_mpi = version.find("Open MPI") != std::string::npos || // mpirun
                        version.find("OpenRTE") != std::string::npos;    // mpiexec
  Words words{GRADUS_MPIEXEC};
  if (open_mpi) {
    words.insert(words.end(), {"--allow-run-as-root", "--oversubscribe", "--mca",
                               "btl_vader_single_copy_mechanism", "none"});
  }
  words.insert(words.end(), {"-n", std::to_string(count), program});
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words ranks(int count, const Words& more) { return mpirun(count, GRADUS_TEST_MPI_PROGRAM, more); }

/// Whether MPI programs run here at all; some containers forbid what they need.
bool can_run() {
  ::setenv("ASAN_OPTIONS", "detect_leaks=0", 0); // MPI leaves some, which are not ours
  static const bool works = tests::run(mpirun(2, "/bin/true")).status == 0;
  if (!works) {
    WARN("skipped: " GRADUS_MPIEXEC " does not work here");
  }
  return works;
}

Words alone(const Words& more) {
  Words words{GRADUS_TEST_PROGRAM};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Words of `run` that say little.
Words quietly(const std::string& study, const std::filesystem::path& out, const Words& more = {}) {
  Words words{"run", study, "--quiet", "--json", "--no-figures", "--out", out.string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// All files of results, result.json and sweep.json without timing and build.
Files results(const std::filesystem::path& out) {
  Files files = snapshot(out);
  std::erase_if(files, [](const auto& file) { return file.first.starts_with("cells/"); });
  return comparable(std::move(files));
}

/// All cells in files of their own, without what they took.
std::map<std::string, json> cells(const std::filesystem::path& out) {
  std::map<std::string, json> all;
  for (const auto& [name, bytes] : snapshot(out / "cells")) {
    json cell = json::from_cbor(bytes);
    cell.erase("wall_s");
    all[name] = std::move(cell);
  }
  return all;
}

/// Names of files that only one of two has, or that differ.
template <class Contents>
Words differing(const Contents& a, const Contents& b) {
  Words names;
  for (const auto& [name, content] : a) {
    const auto other = b.find(name);
    if (other == b.end() || other->second != content) {
      names.push_back(name);
    }
  }
  for (const auto& [name, content] : b) {
    if (a.find(name) == a.end()) {
      names.push_back(name);
    }
  }
  return names;
}

void check_same_results(const std::filesystem::path& a, const std::filesystem::path& b) {
  CHECK(differing(results(a), results(b)) == Words{});
}

void check_same_cells(const std::filesystem::path& a, const std::filesystem::path& b) {
  CHECK(differing(cells(a), cells(b)) == Words{});
}

/// What the program itself complained of; mpirun adds its own lines.
Words complaints(const Finished& finished) {
  Words lines;
  std::istringstream text(finished.err);
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("gradus: ")) {
      lines.push_back(line);
    }
  }
  return lines;
}

/// The process of a rank whose command line names the folder; 0 if there is none.
::pid_t process_of(int rank, const std::filesystem::path& out) {
  const std::string mark = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename().string();
    if (pid.find_first_not_of("0123456789") == std::string::npos) {
      const std::string words = slurp(entry.path() / "cmdline");
      const std::string environment = slurp(entry.path() / "environ") + '\0';
      if (words.starts_with(GRADUS_TEST_MPI_PROGRAM) &&
          words.find(out.string()) != std::string::npos &&
          environment.find(mark + '\0') != std::string::npos) {
        return static_cast<::pid_t>(std::stol(pid));
      }
    }
  }
  return 0;
}

} // namespace

TEST_CASE("three ranks leave the bytes of one process", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  const json many = printed(tests::run(ranks(3, quietly("slow", folder / "a"))));
  printed(tests::run(alone(quietly("slow", folder / "b"))));
  CHECK(many["timing"]["cells_computed"] == 48);
  CHECK(many["build"]["threads"] == 2);
  check_same_results(folder / "a", folder / "b");
  check_same_cells(folder / "a", folder / "b");
  // Each finds what the other stored.
  CHECK(printed(tests::run(alone(quietly("slow", folder / "a"))))["timing"]["cells_reused"] == 48);
  CHECK(printed(tests::run(ranks(3, quietly("slow", folder / "b"))))["timing"]["cells_reused"] ==
        48);
  // Two threads in each of two ranks; too few cells for four threads; all studies at once.
  const Words threads{"--threads", "2"};
  printed(tests::run(ranks(3, quietly("slow", folder / "c", threads))));
  check_same_cells(folder / "c", folder / "b");
  const Words both{"uneven", "--threads", "2"};
  const Finished several = tests::run(ranks(3, quietly("failing", folder / "d", both)));
  const Finished same = tests::run(alone(quietly("failing", folder / "e", both)));
  CHECK(several.status == 1);
  CHECK(same.status == 1);
  check_same_results(folder / "d", folder / "e");
  check_same_cells(folder / "d", folder / "e");
}

TEST_CASE("three ranks sweep as one process does", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  const auto sweep = [&](const std::string& out) {
    return Words{
        "sweep", "tiny",         "--grid", "scale=1,2,3",          "--grid", "count=2:4:3", "--arm",
        "main",  "--no-figures", "--out",  (folder / out).string()};
  };
  const Finished many = tests::run(ranks(3, sweep("a")));
  const Finished one = tests::run(alone(sweep("b")));
  CHECK(many.status == 0);
  CHECK(one.status == 0);
  check_same_results(folder / "a", folder / "b");
  check_same_cells(folder / "a", folder / "b");
  CHECK(many.err.find(" cells: 0 stored, ") != std::string::npos); // once
  CHECK(many.err.find(" cells: 0 stored, ") == many.err.rfind(" cells: 0 stored, "));
}

TEST_CASE("ranks pack the cells of a large batch", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  const Words size{"--set", "cells=3000"};
  printed(tests::run(ranks(3, quietly("many", folder / "a", size))));
  printed(tests::run(alone(quietly("many", folder / "b", size))));
  check_same_results(folder / "a", folder / "b");
  const gradus::study::StoreListing listing(folder / "a" / "cells");
  CHECK(listing.packed().size() == 3000);
  CHECK(listing.files().empty());
  CHECK(listing.segments().size() == 2);
  Words forced = size;
  forced.emplace_back("--force");
  const json again = printed(tests::run(ranks(2, quietly("many", folder / "a", forced))));
  CHECK(again["timing"]["cells_computed"] == 3000);
}

TEST_CASE("a rank that dies loses no finished cell", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  const Words size{"--set", "cells=300", "--set", "rest=10"};
  std::size_t stored = 0;
  {
    Process job(ranks(3, quietly("many", folder / "a", size)));
    for (int i = 0; i < 3000 && stored < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      stored = gradus::study::StoreListing(folder / "a" / "cells").files().size();
    }
    const ::pid_t worker = process_of(2, folder / "a");
    REQUIRE(worker > 0);
    REQUIRE(::kill(worker, SIGKILL) == 0);
    CHECK(job.wait() != 0); // Open MPI ends the others
  }
  const std::size_t kept = gradus::study::StoreListing(folder / "a" / "cells").files().size();
  CHECK(stored >= 20);
  CHECK(kept >= stored);
  CHECK(kept < 300);
  const json second = printed(tests::run(ranks(3, quietly("many", folder / "a", size))));
  CHECK(second["timing"]["cells_reused"] == kept);
  CHECK(second["timing"]["cells_computed"] == 300 - kept);
  for (const char* out : {"a", "b"}) {
    printed(tests::run(alone(quietly("many", folder / out, size))));
  }
  check_same_results(folder / "a", folder / "b");
  check_same_cells(folder / "a", folder / "b"); // and no temporary is left
}

TEST_CASE("two jobs that fill one store at once end well", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  {
    Process a(ranks(3, quietly("slow", folder / "a")));
    Process b(ranks(2, quietly("slow", folder / "a")));
    Process c(alone(quietly("slow", folder / "a")));
    CHECK(a.wait() == 0);
    CHECK(b.wait() == 0);
    CHECK(c.wait() == 0);
  }
  printed(tests::run(alone(quietly("slow", folder / "b"))));
  check_same_results(folder / "a", folder / "b");
  check_same_cells(folder / "a", folder / "b");
}

TEST_CASE("ranks with folders of their own are merged", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  const Words words = quietly("slow", folder / "part-{rank}");
  printed(tests::run(ranks(3, words)));
  CHECK(snapshot(folder / "part-0" / "cells").empty());
  const std::size_t first = snapshot(folder / "part-1" / "cells").size();
  CHECK(first > 0);
  CHECK(first < 48);
  CHECK(first + snapshot(folder / "part-2" / "cells").size() == 48);
  // A second start finds in each folder what is there.
  std::filesystem::remove(folder / "part-2" / "cells" /
                          snapshot(folder / "part-2" / "cells").begin()->first);
  const json second = printed(tests::run(ranks(3, words)));
  CHECK(second["timing"]["cells_reused"] == 47);
  CHECK(second["timing"]["cells_computed"] == 1);
  const auto part = [&](int i) { return (folder / ("part-" + std::to_string(i))).string(); };
  CHECK(tests::run(alone({"merge", part(0), part(1), part(2), "--out", (folder / "all").string()}))
            .status == 0);
  const json merged = printed(tests::run(alone(quietly("slow", folder / "all"))));
  CHECK(merged["timing"]["cells_reused"] == 48);
  check_same_results(folder / "all", part(0));
}

TEST_CASE("ranks complain once, with the status of one process", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  const auto same = [&](const Words& words, int status) {
    const Finished many = tests::run(ranks(3, words));
    const Finished one = tests::run(alone(words));
    INFO(many.err);
    CHECK(many.status == status);
    CHECK(one.status == status);
    REQUIRE(complaints(many).size() == 1);
    CHECK(complaints(many) == complaints(one));
  };
  same(quietly("nonsense", folder / "a"), 2);
  same(quietly("tiny", folder / "a", {"--set", "count=0"}), 2);
  same({"run", "tiny", "--nonsense"}, 2);
  CHECK_FALSE(std::filesystem::exists(folder / "a"));
  same(quietly("throwing", folder / "a", {"--set", "what=argument"}), 2);
  same(quietly("throwing", folder / "a", {"--set", "what=error"}), 3);
  same(quietly("tiny", "/proc/nowhere"), 3);
  // A folder that only one rank cannot write to.
  std::ofstream(folder / "part-2") << "in the way";
  const Finished blocked = tests::run(ranks(3, quietly("tiny", folder / "part-{rank}")));
  CHECK(blocked.status == 3);
  REQUIRE(complaints(blocked).size() == 1);
  CHECK(complaints(blocked)[0].find("gradus: rank 2: cannot make folder ") == 0);
}

TEST_CASE("what is no batch is rank 0's, and one rank does all of it", "[mpi]") {
  if (!can_run()) {
    return;
  }
  const Folder folder;
  CHECK(tests::run(ranks(3, {"list"})).out == tests::run(alone({"list"})).out);
  const json one = printed(tests::run(ranks(1, quietly("slow", folder / "a"))));
  CHECK(one["timing"]["cells_computed"] == 48);
}

} // namespace tests::mpi_cases

#endif
