// SPDX-License-Identifier: BSD-3-Clause
// Running a study of the program gradus as a user does.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

namespace tests {

/// A study with some parameters set, in a folder of its own.
class StudyRun {
public:
  /// @param settings  of --set   @param more  further words of the command line
  explicit StudyRun(const std::string& study, const std::vector<std::string>& settings,
                    const std::vector<std::string>& more = {},
                    const std::string& preset = "quick") {
    std::vector<std::string> words{GRADUS_PROGRAM, "run",   study,
                                   "--preset",     preset,  "--no-figures",
                                   "--json",       "--out", folder_.path().string()};
    for (const std::string& setting : settings) {
      words.insert(words.end(), {"--set", setting});
    }
    words.insert(words.end(), more.begin(), more.end());
    finished_ = run(words);
  }

  /// Exit status.
  [[nodiscard]] int status() const { return finished_.status; }
  /// What it complained of.
  [[nodiscard]] const std::string& complaint() const { return finished_.err; }
  /// Whether a claim held, which must have been judged.
  [[nodiscard]] bool holds(const std::string& id) const {
    INFO(finished_.err << "claim " << id);
    const auto claims = nlohmann::json::parse(finished_.out)["claims"];
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const auto& claim) { return claim["id"] == id; });
    REQUIRE(found != claims.end());
    return (*found)["holds"];
  }

private:
  Folder folder_;
  Finished finished_{};
};

/// Whether the setting is refused as bad input at preset default, with these words in the
/// complaint.
inline bool refuses(const std::string& study, const std::string& setting,
                    const std::string& words) {
  const StudyRun result(study, {setting}, {}, "default");
  INFO(result.complaint());
  CHECK(result.status() == 2);
  return result.complaint().find(words) != std::string::npos;
}

} // namespace tests
