// SPDX-License-Identifier: BSD-3-Clause
#include <sstream>
#include <string>

#include "catch.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/claims_table.hpp>

using namespace tests;

namespace {

Job any_job() { return make_job(make_study<Failing>(), "default", list_parameters(NoParams{})); }

Outcome outcome_of(const Claims& claims) {
  Outcome outcome;
  for (const Claim& claim : claims.list()) {
    const Summary measured = claim.measure();
    outcome.claims.push_back({claim, measured, claim.holds(measured.value)});
  }
  return outcome;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the table says of each claim what was measured and whether it holds", "[table]") {
  Claims claims;
  claims.expect("first", "a statement")
      .source("figure 1")
      .measured([] { return Summary(0.5, 0.25, 0.75); })
      .in(0, 1);
  claims
      .expect("second", "a statement that does not come out, said in so many words that it goes "
                        "over the width of the page")
      .source("theorem 2")
      .measured([] { return Summary(3.0); })
      .at_most(2.0);
  claims.expect("third", "a control").measured([] { return Summary(0.0); }).equals(0).control();
  claims.expect("fourth", "a miss")
      .measured([] { return Summary(1.0); })
      .at_least(2)
      .known_miss("too small a network");
  Outcome outcome = outcome_of(claims);
  outcome.num_cells = 7;
  const RunFiles files{"out/failing/key", {"one.svg", "two.svg"}, ""};
  const std::string text = claims_table(any_job(), outcome, files, false);
  CHECK(has(text, "failing: A claim that fails\n"));
  CHECK(has(text, "first           0.5  [0.25, 0.75]  in [0, 1]  holds\n"));
  CHECK(has(text, "<= 2       FAILED\n"));
  CHECK(has(text, "= 0        holds (control)\n"));
  CHECK(has(text, ">= 2       known miss\n"));
  CHECK(has(text, "(theorem 2)"));
  CHECK(has(text, "known miss: too small a network"));
  CHECK(has(text, "NOT REPRODUCED: 2 of 3 claims hold; known misses: 1\n"));
  CHECK(has(text, "out/failing/key/figures/ (one.svg, two.svg)\n"));
  CHECK(has(text, "out/failing/key/traces/\n"));
  CHECK_FALSE(has(text, "diverged"));
  CHECK_FALSE(has(text, "\x1b"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 100);
  }
  CHECK(has(claims_table(any_job(), outcome, files, true), "\x1b[1;31mFAILED\x1b[0m"));
}

TEST_CASE("the verdict counts diverged cells and marks that must come off", "[table]") {
  Claims claims;
  claims.expect("a", "b").measured([] { return Summary(1.0); }).at_least(0).known_miss("because");
  Outcome outcome = outcome_of(claims);
  outcome.num_cells = 5;
  outcome.num_diverged = 2;
  CHECK(verdict_line(outcome, false) ==
        "NOT REPRODUCED: 0 of 0 claims hold; marked as known misses but holding: 1; 2 of 5 cells "
        "diverged\n");
  const std::string text =
      claims_table(any_job(), outcome, {"out", {}, "figures not drawn: no gnuplot"}, false);
  CHECK(has(text, "HOLDS, marked a known miss"));
  CHECK(has(text, "figures not drawn: no gnuplot"));
  CHECK(verdict_line(Outcome{}, false) == "REPRODUCED: 0 of 0 claims hold\n");
}
