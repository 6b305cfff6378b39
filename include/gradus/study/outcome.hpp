// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <exception>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gradus/study/cell.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/provenance.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/runner.hpp>

namespace gradus::study {

/// A claim with what was measured.
struct ClaimOutcome {
  Claim claim;        ///< as the study states it
  Summary measured;   ///< NaN if there was nothing to measure
  bool holds = false; ///< whether it meets the bound, known miss or not
};

/// What a run cost.
struct Timing {
  double wall_s = 0.0;      ///< of the batch that the run was part of
  Index cells_computed = 0; ///< by this process
  Index cells_reused = 0;   ///< taken from the store
  double cell_s = 0.0;      ///< computing time of all cells, reused ones included
};

/// A run of a study, judged.
struct Outcome {
  std::vector<ClaimOutcome> claims; ///< in the order they were made
  Index num_cells = 0;              ///< of all arms
  Index num_diverged = 0;           ///< cells marked as diverged
  Timing timing;                    ///< zero until set: judging takes no account of it

  /// Claims that hold, known misses aside.
  [[nodiscard]] Index num_held() const { return count(false, true); }
  /// Claims that do not hold, known misses aside.
  [[nodiscard]] Index num_failed() const { return count(false, false); }
  /// Known misses that do not hold, as their mark says.
  [[nodiscard]] Index num_known_misses() const { return count(true, false); }
  /// Known misses that hold all the same: their mark has to come off.
  [[nodiscard]] Index num_false_misses() const { return count(true, true); }
  /// Every claim holds, known misses aside, and no known miss does.
  [[nodiscard]] bool reproduced() const { return num_failed() == 0 && num_false_misses() == 0; }

private:
  [[nodiscard]] Index count(bool known_miss, bool holds) const {
    Index number = 0;
    for (const ClaimOutcome& outcome : claims) {
      number += outcome.claim.is_known_miss() == known_miss && outcome.holds == holds ? 1 : 0;
    }
    return number;
  }
};

/// The results of a job whose cells are all there.
[[nodiscard]] inline Results gather_results(const Job& job, const std::vector<CellState>& states) {
  std::vector<CellResult> cells;
  cells.reserve(states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    cells.push_back({job.cells[i].point, states[i].stored->record});
  }
  return Results(std::move(cells));
}

/// Measures every claim of a study.
/// @throws Fault naming study and claim if a measurement throws
[[nodiscard]] inline Outcome judge_job(const Job& job, const Results& results) {
  Outcome outcome;
  outcome.num_cells = static_cast<Index>(results.cells().size());
  for (const CellResult& cell : results.cells()) {
    outcome.num_diverged += cell.record.divergence() ? 1 : 0;
  }
  std::string where = std::string(job.study.card.id) + ", claims";
  try {
    Claims claims;
    job.study.judge(job.parameters, results, claims);
    for (const Claim& claim : claims.list()) {
      where = std::string(job.study.card.id) + ", claim " + claim.id();
      const Summary measured = claim.measure();
      outcome.claims.push_back({claim, measured, claim.holds(measured.value)});
    }
  } catch (const std::exception& error) {
    throw Fault(where + ": " + error.what());
  }
  return outcome;
}

/// Where the time of a judged job went.
[[nodiscard]] inline Timing job_timing(const std::vector<CellState>& states, double wall_s) {
  Timing timing;
  timing.wall_s = wall_s;
  for (const CellState& state : states) {
    ++(state.computed ? timing.cells_computed : timing.cells_reused);
    timing.cell_s += state.stored->wall_s;
  }
  return timing;
}

/// The bound of a claim: a number, or [low, high] for "in"; null where there is none.
[[nodiscard]] inline Json bound_json(const Claim& claim) {
  const std::vector<double> bound = claim.bound();
  return bound.size() == 1 ? number_json(bound.front()) : numbers_json(bound);
}

/// The field "claims" of result.json.
[[nodiscard]] inline Json claims_json(const Outcome& outcome) {
  Json list = Json::array();
  for (const auto& [claim, measured, holds] : outcome.claims) {
    list.push_back({{"id", claim.id()},
                    {"statement", claim.statement()},
                    {"source", claim.source()},
                    {"control", claim.is_control()},
                    {"known_miss", claim.is_known_miss()},
                    {"measured", number_json(measured.value)},
                    {"spread", numbers_json({measured.low, measured.high})},
                    {"relation", claim.relation()},
                    {"bound", bound_json(claim)},
                    {"holds", holds}});
  }
  return list;
}

/// The field "metrics" of result.json: for each arm the number of cells, how many of them diverged,
/// and of each recorded number the mean, least and greatest finite value and how many are finite.
[[nodiscard]] inline Json metrics_json(const Job& job, const Results& results) {
  Json metrics = Json::object();
  for (const Study::ArmPlan& arm : job.arms) {
    const ArmResults cells = results[arm.name];
    Json numbers = Json::object();
    for (const CellResult* cell : cells.cells()) {
      for (const auto& [name, ignored] : cell->record.numbers()) {
        if (!numbers.contains(name)) {
          const std::vector<double> values = finite(cells.numbers(name));
          const Summary mean = mean_of(values);
          numbers[name] = {{"mean", number_json(mean.value)},
                           {"min", number_json(mean.low)},
                           {"max", number_json(mean.high)},
                           {"count", values.size()}};
        }
      }
    }
    metrics[arm.name] = {{"cells", cells.size()},
                         {"diverged", cells.num_diverged()},
                         {"numbers", std::move(numbers)}};
  }
  return metrics;
}

/// The whole of result.json.
[[nodiscard]] inline Json result_json(const Job& job, const Results& results,
                                      const Outcome& outcome, const Provenance& build) {
  return {{"study", job.study.card.id},
          {"paper", job.study.card.paper},
          {"params", values_json(job.parameters)},
          {"seeds", job.seeds},
          {"preset", job.preset},
          {"claims", claims_json(outcome)},
          {"reproduced", outcome.reproduced()},
          {"metrics", metrics_json(job, results)},
          {"timing",
           {{"wall_s", outcome.timing.wall_s},
            {"cells_computed", outcome.timing.cells_computed},
            {"cells_reused", outcome.timing.cells_reused},
            {"cell_s", outcome.timing.cell_s}}},
          {"build", provenance_json(build)}};
}

} // namespace gradus::study
