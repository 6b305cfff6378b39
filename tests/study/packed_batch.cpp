// SPDX-License-Identifier: BSD-3-Clause
// Batches of so many cells that they are packed, through the program and the runner.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"
#include "study/fake_studies.hpp"
#include "study/run_results.hpp"
#include <gradus/study/outcome.hpp>
#include <gradus/study/runner.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::packed_cases {

using nlohmann::json;

namespace {

using Words = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

Words call(const Folder& folder, const std::string& count, const Words& more = {}) {
  Words words{GRADUS_TEST_PROGRAM, "run",    "many",         "--set", "cells=" + count,
              "--quiet",           "--json", "--no-figures", "--out", folder.path().string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The run's files, result.json without its timing and build.
Files results(const Folder& folder) {
  Files files = snapshot(folder / "many");
  return comparable(std::move(files));
}

std::size_t num_files(const Folder& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::recursive_directory_iterator(folder.path())) {
    ++count;
  }
  return count;
}

std::vector<std::filesystem::path> segments(const Folder& folder) {
  return StoreListing(folder / "cells").segments();
}

BatchResult run_jobs(const Job& job, const Folder& folder, const BatchOptions& options = {}) {
  std::ostringstream ignored;
  return run_batch({&job, 1}, Store(folder.path()), options, ignored);
}

Job many(Index cells, const std::optional<SeedRange>& seeds = {}) {
  Many::Params params;
  params.cells = cells;
  return make_job(make_study<Many>(), "default", list_parameters(params), seeds);
}

Index computed(const BatchResult& result) {
  return job_timing(result.cells[0], 1.0).cells_computed;
}

} // namespace

TEST_CASE("twenty thousand cells are few files, and come back", "[packed]") {
  const Folder folder;
  const json first = printed(tests::run(call(folder, "2e4", {"--threads", "2"})));
  CHECK(first["timing"]["cells_computed"] == 20000);
  CHECK(first["reproduced"] == true);
  CHECK(num_files(folder) < 15);
  CHECK(segments(folder).size() == 1);
  CHECK(StoreListing(folder / "cells").packed().size() == 20000);
  const Files before = results(folder);
  const json second = printed(tests::run(call(folder, "2e4")));
  CHECK(second["timing"]["cells_computed"] == 0);
  CHECK(second["timing"]["cells_reused"] == 20000);
  CHECK(results(folder) == before);
  CHECK(segments(folder).size() == 1);
  // More seeds are new cells and nothing else.
  CHECK(printed(tests::run(call(folder, "20010")))["timing"]["cells_computed"] == 10);
  CHECK(num_files(folder) < 35);
  CHECK(segments(folder).size() == 1); // ten cells are ten files
}

TEST_CASE("packed or not, on one thread or two, a run leaves the same", "[packed]") {
  const Folder one;
  const Folder two;
  printed(tests::run(call(one, "1500", {"--threads", "1"})));
  printed(tests::run(call(two, "1500", {"--threads", "2"})));
  CHECK(segments(one).size() == 1);
  CHECK(results(one) == results(two));

  const Folder packed;
  const Folder plain;
  const Job job = many(200);
  BatchOptions options;
  options.most_files = 199;
  CHECK(computed(run_jobs(job, packed, options)) == 200);
  CHECK(computed(run_jobs(job, plain)) == 200);
  CHECK(segments(packed).size() == 1);
  CHECK(segments(plain).empty());
  for (const Folder* folder : {&packed, &plain}) {
    CHECK(printed(tests::run(call(*folder, "200")))["timing"]["cells_reused"] == 200);
  }
  CHECK(results(plain) == results(packed));
  // The same bytes stand for each cell, but for how long it took.
  const Store store(packed.path());
  const StoreListing listing = store.list();
  for (const Cell& cell : job.cells) {
    const std::string bytes = listing.read(*listing.find_packed(*cell_name(cell.name)));
    REQUIRE(Store::unpack(bytes) == Store::unpack(slurp(Store(plain.path()).path(cell.name))));
  }
}

TEST_CASE("a store of files is filled up by a segment, and forced cells replace both", "[packed]") {
  const Folder folder;
  BatchOptions options;
  CHECK(computed(run_jobs(many(40), folder, options)) == 40);
  options.most_files = 20;
  CHECK(computed(run_jobs(many(100), folder, options)) == 60);
  CHECK(segments(folder).size() == 1);
  CHECK(computed(run_jobs(many(110), folder, options)) == 10);
  CHECK(StoreListing(folder / "cells").files().size() == 50);
  options.force = true;
  CHECK(computed(run_jobs(many(110), folder, options)) == 110);
  const StoreListing listing(folder / "cells");
  CHECK(listing.files().empty()); // they would stand before the new cells
  CHECK(listing.packed().size() == 110);
  CHECK(listing.segments().size() == 2);
  options.force = false;
  CHECK(computed(run_jobs(many(110), folder, options)) == 0);
}

TEST_CASE("shards pack their cells each and lose none", "[packed]") {
  const Folder folder;
  Index total = 0;
  for (Index i = 0; i < 3; ++i) {
    BatchOptions options;
    options.most_files = 10;
    options.shard = {i, 3};
    const BatchResult part = run_jobs(many(100), folder, options);
    total += computed(part);
    CHECK(part.complete() == (i == 2));
  }
  CHECK(total == 100);
  CHECK(segments(folder).size() == 3);
}

TEST_CASE("two processes that fill one store at once end well", "[packed]") {
  const Folder folder;
  const Folder alone;
  {
    Process a(call(folder, "4000", {"--threads", "1"}));
    Process b(call(folder, "5000", {"--threads", "2"}));
    CHECK(a.wait() == 0);
    CHECK(b.wait() == 0);
  }
  CHECK(segments(folder).size() <= 2);
  CHECK(printed(tests::run(call(folder, "5000")))["timing"]["cells_computed"] == 0);
  printed(tests::run(call(alone, "5000")));
  printed(tests::run(call(alone, "4000")));
  CHECK(results(folder) == results(alone));
}

TEST_CASE("a batch that is killed keeps the packed cells it finished", "[packed]") {
  const Folder folder;
  const Folder alone;
  std::size_t kept = 0;
  for (int round = 0; round < 3; ++round) {
    Process process(call(folder, "20000", {"--threads", "2"}));
    // Once it stores, a moment later; sooner or later than that it may be anywhere.
    for (int i = 0; i < 2000 && segments(folder).size() <= std::size_t(round); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(4 * round));
    process.kill();
    process.wait();
    const std::size_t now = StoreListing(folder / "cells").packed().size();
    CHECK(now >= kept);
    kept = now;
  }
  const json last = printed(tests::run(call(folder, "20000")));
  CHECK(last["timing"]["cells_reused"] == kept);
  CHECK(kept > 0);
  printed(tests::run(call(alone, "20000")));
  CHECK(results(folder) == results(alone));
}

TEST_CASE("damaged packed cells are told once and computed again", "[packed]") {
  const Folder folder;
  printed(tests::run(call(folder, "2000")));
  const Files before = results(folder);
  const std::filesystem::path file = segments(folder).front();
  const std::string good = slurp(file);
  std::string bad = good;
  bad[good.find("payload") + 40] ^= 1;
  bad[good.find("payload", good.size() / 2) + 40] ^= 1;
  bad.resize(good.size() - 100);
  std::ofstream(file, std::ios::binary) << bad;
  const Finished again = tests::run(call(folder, "2000"));
  CHECK(printed(again)["timing"]["cells_computed"] == 3);
  CHECK(std::count(again.err.begin(), again.err.end(), '\n') == 2); // the cut one is as if killed
  CHECK(again.err.find("its checksum does not fit); it is computed again") != std::string::npos);
  CHECK(results(folder) == before);
  const Finished third = tests::run(call(folder, "2000"));
  CHECK(printed(third)["timing"]["cells_computed"] == 0);
  CHECK(third.err.empty());
}

TEST_CASE("a full disk ends a packed batch cleanly", "[packed]") {
  // A limit on the size of files stands for a disk of that size.
  const Folder folder;
  const Words words = call(folder, "20000");
  std::string line = "trap '' XFSZ; ulimit -f 1000; exec";
  for (const std::string& word : words) {
    line += " '" + word + "'";
  }
  const Finished full = tests::run({"/bin/sh", "-c", line});
  CHECK(full.status == 3);
  CHECK(std::count(full.err.begin(), full.err.end(), '\n') == 1);
  CHECK(full.err.find("gradus: cannot write ") == 0);
  const StoreListing listing(folder / "cells");
  const std::size_t kept = listing.packed().size();
  CHECK(kept > 1000);
  std::size_t whole = 0; // and nothing behind them
  for (const PackedCell& cell : listing.packed()) {
    whole += study::detail::SegmentHead::size + cell.length;
  }
  CHECK(whole == std::filesystem::file_size(segments(folder).front()));
  CHECK(printed(tests::run(words))["timing"]["cells_reused"] == kept);
}

} // namespace tests::packed_cases
