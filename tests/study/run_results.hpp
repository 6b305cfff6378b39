// SPDX-License-Identifier: BSD-3-Clause
// What a run of the program left, in a form in which two runs can be compared.
#pragma once

#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

namespace tests {

/// What a run with --json printed; it must have ended with status 0.
inline nlohmann::json printed(const Finished& finished) {
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  return nlohmann::json::parse(finished.out);
}

/// The files of results with what differs from run to run, timing and build, taken out of
/// result.json and sweep.json.
inline std::map<std::string, std::string> comparable(std::map<std::string, std::string> files) {
  for (auto& [name, bytes] : files) {
    if (name.ends_with("result.json") || name.ends_with("sweep.json")) {
      nlohmann::json result = nlohmann::json::parse(bytes);
      result.erase("timing");
      result.erase("build");
      bytes = result.dump();
    }
  }
  return files;
}

} // namespace tests
