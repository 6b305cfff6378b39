// SPDX-License-Identifier: BSD-3-Clause
// The study diffgrad as a user runs it; that its claims hold is tried with those of all studies.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "program.hpp"

using nlohmann::json;

TEST_CASE("diffgrad can fail: with the notebook's derivative F2's claims do, as documented",
          "[diffgrad]") {
  const tests::Folder folder;
  const tests::Finished result =
      tests::run({GRADUS_PROGRAM, "run", "diffgrad", "--preset", "quick", "--json", "--no-figures",
                  "--set", "wave_gradient=notebook", "--set", "num_train=200", "--set",
                  "num_test=200", "--out", folder.path().string()});
  INFO(result.err);
  CHECK(result.status == 1);
  const json claims = json::parse(result.out)["claims"];
  const auto claim = [&](const std::string& id) {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [&](const json& entry) { return entry["id"] == id; });
    REQUIRE(found != claims.end());
    return *found;
  };
  CHECK(claim("F2-diffgrad")["holds"] == false);
  CHECK(claim("F2-adam")["holds"] == true);
  CHECK(claim("F1-diffgrad")["holds"] == true);
}
