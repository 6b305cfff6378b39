// SPDX-License-Identifier: BSD-3-Clause
// Whole batches through the program: what is computed, what is reused, and that every way of
// getting to the end leaves the same bytes.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"
#include "study/run_results.hpp"
#include <gradus/core/distributions.hpp>

using nlohmann::json;

namespace {

using Words = std::vector<std::string>;

Words call(const tests::Folder& folder, const Words& more, const std::string& study = "slow") {
  Words words{GRADUS_TEST_PROGRAM,   "run", study, "--quiet", "--no-figures", "--out",
              folder.path().string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// All files of the study's runs, result.json without its timing and build.
std::map<std::string, std::string> results(const tests::Folder& folder,
                                           const std::string& study = "slow") {
  auto files = tests::snapshot(folder / study);
  return tests::comparable(std::move(files));
}

/// The cells of a store, without what differs from run to run: how long a cell took.
std::map<std::string, json> cells(const tests::Folder& folder) {
  std::map<std::string, json> all;
  for (const auto& [name, bytes] : tests::snapshot(folder / "cells")) {
    json cell = json::from_cbor(bytes);
    cell.erase("wall_s");
    all[name] = std::move(cell);
  }
  return all;
}

json timing(const tests::Folder& folder, const std::string& study = "slow") {
  for (const auto& [name, bytes] : tests::snapshot(folder / study)) {
    if (name.ends_with("result.json")) {
      return json::parse(bytes)["timing"];
    }
  }
  return {};
}

/// An undisturbed run, made once.
const tests::Folder& undisturbed() {
  static const tests::Folder folder;
  static const int status = tests::run(call(folder, {"--threads", "1"})).status;
  REQUIRE(status == 0);
  return folder;
}

} // namespace

TEST_CASE("one and two threads leave the same bytes", "[batch]") {
  const tests::Folder folder;
  REQUIRE(tests::run(call(folder, {"--threads", "2"})).status == 0);
  CHECK(results(folder) == results(undisturbed()));
  CHECK(cells(folder) == cells(undisturbed()));
}

TEST_CASE("finished cells are not computed again unless forced", "[batch]") {
  const tests::Folder folder;
  REQUIRE(tests::run(call(folder, {"--seeds", "0..2"}, "tiny")).status == 0);
  CHECK(timing(folder, "tiny")["cells_computed"] == 20);
  REQUIRE(tests::run(call(folder, {}, "tiny")).status == 0); // the same seeds: the same run
  CHECK(timing(folder, "tiny")["cells_computed"] == 0);
  CHECK(timing(folder, "tiny")["cells_reused"] == 20);
  REQUIRE(tests::run(call(folder, {"--force"}, "tiny")).status == 0);
  CHECK(timing(folder, "tiny")["cells_computed"] == 20);
  // Seed 1 is there; of 1..2 the control arm takes its two, so that one cell is new.
  REQUIRE(tests::run(call(folder, {"--seeds", "1..2", "--json"}, "tiny")).status == 0);
  const json more =
      json::parse(tests::run(call(folder, {"--seeds", "1..3", "--json"}, "tiny")).out);
  CHECK(more["timing"]["cells_computed"] == 6); // seed 3 of the main arm
  CHECK(more["seeds"] == json{1, 2, 3});
}

TEST_CASE("a preset has no part in the key, its parameters have", "[batch]") {
  const tests::Folder folder;
  const auto directory = [&](const Words& words) {
    Words with_json = words;
    with_json.emplace_back("--json");
    return json::parse(tests::run(call(folder, with_json, "tiny")).out)["directory"];
  };
  const json standard = directory({});
  CHECK(directory({"--preset", "paper"}) == standard); // the same numbers
  CHECK(directory({"--preset", "quick"}) != standard);
  CHECK(directory({"--preset", "quick", "--set", "count=4"}) == standard);
  CHECK(directory({"--seed", "0"}) != standard);
}

TEST_CASE("three shards and a plain run leave the bytes of an undisturbed run", "[batch]") {
  const tests::Folder folder;
  const tests::Finished first = tests::run(call(folder, {"--shard", "0/3"}));
  CHECK(first.status == 0);
  CHECK(first.out.find("slow: 16 of 48 cells are stored") != std::string::npos);
  CHECK(first.out.find("the same command without --shard") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "slow"));
  const tests::Finished second = tests::run(call(folder, {"--shard", "1/3", "--json"}));
  CHECK(second.status == 0);
  CHECK(
      json::parse(second.out) ==
      json{
          {"study", "slow"}, {"complete", false}, {"shard", "1/3"}, {"cells", 48}, {"stored", 32}});
  const tests::Finished third = tests::run(call(folder, {"--shard", "2/3"}));
  CHECK(third.status == 0);
  CHECK(third.out == "slow: REPRODUCED: 1 of 1 claims hold\n"); // the last shard can judge
  CHECK(timing(folder)["cells_computed"] == 16);
  REQUIRE(tests::run(call(folder, {})).status == 0);
  CHECK(timing(folder)["cells_computed"] == 0);
  CHECK(results(folder) == results(undisturbed()));
  CHECK(cells(folder) == cells(undisturbed()));
}

TEST_CASE("processes fill one store at once", "[batch]") {
  const tests::Folder folder;
  {
    tests::Process a(call(folder, {"--threads", "1"}));
    tests::Process b(call(folder, {"--threads", "2"}));
    tests::Process c(call(folder, {"--shard", "1/2"}));
    CHECK(a.wait() == 0);
    CHECK(b.wait() == 0);
    CHECK(c.wait() == 0);
  }
  CHECK(results(folder) == results(undisturbed()));
  CHECK(cells(folder) == cells(undisturbed()));
}

TEST_CASE("a corrupted cell is reported, kept aside and computed again", "[batch]") {
  const tests::Folder folder;
  REQUIRE(tests::run(call(folder, {}, "tiny")).status == 0);
  const auto before = results(folder, "tiny");
  const auto good = tests::snapshot(folder / "cells");
  const auto damage = [&](int kind) {
    const auto& [name, bytes] = *std::next(good.begin(), kind);
    std::string bad = bytes;
    if (kind == 0) {
      bad.resize(bad.size() / 2);
    } else if (kind == 1) {
      bad[bad.find("payload") + 40] ^= 1;
    } else if (kind == 2) {
      bad.clear();
    } else if (kind == 3) {
      bad = std::next(good.begin(), 4)->second; // another cell's
    }
    std::ofstream(folder / "cells" / name, std::ios::binary) << bad;
    return std::pair(name.substr(0, name.find('.')), bad);
  };
  for (int kind = 0; kind < 4; ++kind) {
    const auto [name, bad] = damage(kind);
    const tests::Finished result = tests::run(call(folder, {}, "tiny"));
    INFO(result.err);
    CHECK(result.status == 0);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK(result.err.find(name + ".cbor cannot be read back (") != std::string::npos);
    CHECK(result.err.find("kept aside as " + name + ".corrupt-1") != std::string::npos);
    CHECK(tests::slurp(folder / "cells" / (name + ".corrupt-1")) == bad);
    CHECK(timing(folder, "tiny")["cells_computed"] == 1);
    CHECK(results(folder, "tiny") == before);
  }
  const auto [name, bad] = damage(2); // the same cell once more
  const tests::Finished again = tests::run(call(folder, {}, "tiny"));
  CHECK(again.err.find(name + ".corrupt-2") != std::string::npos);
  // A folder where a cell should be is set aside as well.
  std::filesystem::remove(folder / "cells" / (name + ".cbor"));
  std::filesystem::create_directory(folder / "cells" / (name + ".cbor"));
  const tests::Finished third = tests::run(call(folder, {}, "tiny"));
  CHECK(third.status == 0);
  CHECK(std::filesystem::is_directory(folder / "cells" / (name + ".corrupt-3")));
  CHECK(results(folder, "tiny") == before);
}

TEST_CASE("a batch killed at random moments loses no finished cell", "[batch]") {
  const auto expected_results = results(undisturbed());
  const auto expected_cells = cells(undisturbed());
  gradus::Stream stream(20240607, "kill");
  std::size_t interrupted = 0;
  for (int round = 0; round < 20; ++round) {
    const tests::Folder folder;
    std::map<std::string, std::string> finished;
    for (int attempt = 0; attempt < 3; ++attempt) {
      tests::Process process(call(folder, {"--threads", "2"}));
      const auto delay = static_cast<int>(gradus::uniform(stream, 2.0, 120.0));
      std::this_thread::sleep_for(std::chrono::milliseconds(delay));
      process.kill();
      interrupted += process.wait() == 128 + SIGKILL ? 1 : 0;
      // What was finished at the last look is still there, byte for byte.
      auto now = tests::snapshot(folder / "cells");
      std::erase_if(now, [](const auto& file) { return file.first.front() == '.'; });
      for (const auto& [name, bytes] : finished) {
        CHECK(now[name] == bytes);
      }
      finished = std::move(now);
    }
    REQUIRE(tests::run(call(folder, {"--threads", "2"})).status == 0);
    CHECK(timing(folder)["cells_reused"] >= finished.size());
    for (const auto& [name, bytes] : finished) {
      CHECK(tests::slurp(folder / "cells" / name) == bytes); // reused, not made again
    }
    CHECK(results(folder) == expected_results);
    CHECK(cells(folder) == expected_cells); // and no temporary is left
  }
  CHECK(interrupted >= 20); // otherwise the delays are too long for this machine
}
