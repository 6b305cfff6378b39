// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/random.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/crew.hpp>
#include <gradus/study/pilots.hpp>
#include <gradus/study/progress.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/store.hpp>

namespace gradus::study {

/// One part of the cells out of `count`: those whose position leaves the remainder `index`.
struct Shard {
  Index index = 0; ///< in [0, count)
  Index count = 1; ///< >= 1; 1 is everything
};

/// What there is to do once the store has been read.
struct BatchSurvey {
  Index cells = 0;  ///< of all jobs
  Index stored = 0; ///< of these in the store
  Index todo = 0;   ///< to be computed by this process
};

/// What a few cells told about the rest.
struct BatchEstimate {
  Index measured = 0;   ///< cells that were computed for it
  Index left = 0;       ///< cells that remain
  double seconds = 0.0; ///< what these will take, on all threads
};

struct BatchResult;

/// How a batch is run.
struct BatchOptions {
  bool force = false;                         ///< compute cells again that are in the store
  Shard shard = {};                           ///< which cells to compute; all of them unless said
  ProgressMode progress = ProgressMode::none; ///< how progress is shown
  bool numbers_only = false;                  ///< keep no series in memory; the store has them
  std::size_t most_files = 1000; ///< a batch of more cells than this packs them into a segment
  /// Takes what there is to do, before the first cell is computed. May throw to end the batch.
  std::function<void(const BatchSurvey&)> surveyed = {};
  /// If set, a few cells (the cheapest of each arm, one of middling cost) are computed first, and
  /// this takes what they tell of the rest, with the states so far. May throw to end the batch.
  std::function<void(const BatchEstimate&, const BatchResult&)> estimated = {};
  Crew* crew = nullptr; ///< computes in place of the threads here; must outlive the batch

  /// How many cells are computed at once.
  [[nodiscard]] int slots() const { return crew != nullptr ? crew->slots() : available_threads(); }
};

/// The state of one cell of a batch.
struct CellState {
  std::optional<StoredCell> stored; ///< nothing: left to another shard
  bool computed = false;            ///< by this process
};

/// What a batch did.
struct BatchResult {
  std::vector<std::vector<CellState>> cells; ///< by job, in the order of the job's cells
  double wall_s = 0.0;                       ///< elapsed time of the batch, seconds

  /// Whether every cell of every job is there.
  [[nodiscard]] bool complete() const {
    return std::all_of(cells.begin(), cells.end(), [](const auto& job) {
      return std::all_of(job.begin(), job.end(),
                         [](const CellState& cell) { return cell.stored.has_value(); });
    });
  }
};

namespace detail {

/// A cell of one of several jobs.
struct CellPlace {
  std::size_t job;
  std::size_t cell;
};

/// Where a cell lies, in words.
inline std::string cell_text(const Card& card, const Point& point) {
  std::string text = std::string(card.id) + ", arm " + point.arm();
  for (const auto& [axis, value] : point.coordinates()) {
    text += ", " + axis + " " + gradus::detail::to_text(value);
  }
  return text + ", seed " + std::to_string(point.seed());
}

/// Computes one cell.
/// @throws ArgumentError or Fault, with the place of the cell in the message
inline StoredCell compute_cell(const Study& study, const study::Cell& cell) {
  const std::string where = cell_text(study.card, cell.point);
  const auto start = std::chrono::steady_clock::now();
  StoredCell result;
  try {
    located(where, [&] {
      study.run(*cell.parameters, cell.point, Stream(cell.point.seed(), study.card.id),
                result.record);
    });
  } catch (const ArgumentError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Fault(where + ": out of memory");
  } catch (const std::exception& error) {
    throw Fault(where + ": " + error.what());
  }
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

/// The record without its series.
inline Record numbers_of(const Record& record) {
  Record kept;
  if (record.divergence()) {
    kept.diverged(record.divergence()->step, record.divergence()->quantity);
  }
  for (const auto& [name, value] : record.numbers()) {
    value == std::numeric_limits<double>::infinity() ? kept.never(name) : kept.number(name, value);
  }
  return kept;
}

} // namespace detail

/// Computes the cells of all jobs that are not in the store yet, in one parallel loop, the longest
/// first, and stores each as it finishes. With no more than half as many cells as threads they run
/// one after another instead, so that the loops inside a cell get the threads.
/// @param progress  where progress is shown
/// @throws ArgumentError, Fault, IoError; cells that finished before are stored
[[nodiscard]] inline BatchResult run_batch(std::span<const Job> jobs, const Store& store,
                                           const BatchOptions& options, std::ostream& progress) {
  const auto start = std::chrono::steady_clock::now();
  BatchResult result;
  std::vector<detail::CellPlace> places;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    result.cells.emplace_back(jobs[j].cells.size());
    for (std::size_t c = 0; c < jobs[j].cells.size(); ++c) {
      places.push_back({j, c});
    }
  }
  const auto cell_at = [&](const detail::CellPlace& at) -> const Cell& {
    return jobs[at.job].cells[at.cell];
  };
  const auto state_at = [&](const detail::CellPlace& at) -> CellState& {
    return result.cells[at.job][at.cell];
  };
  const auto mine = [&](std::size_t position) {
    return static_cast<Index>(position) % options.shard.count == options.shard.index;
  };
  const auto load_missing = [&](bool forced) {
    const StoreListing listing = store.list();
    parallel_for(static_cast<Index>(places.size()), [&](Index i) {
      const auto position = static_cast<std::size_t>(i);
      CellState& state = state_at(places[position]);
      if (!state.stored && !(forced && mine(position))) {
        const Cell& cell = cell_at(places[position]);
        state.stored = store.load(listing, cell.name, cell.key);
        if (options.numbers_only && state.stored) {
          state.stored->record = detail::numbers_of(state.stored->record);
        }
      }
    });
  };
  load_missing(options.force);

  BatchSurvey survey{static_cast<Index>(places.size()), 0, 0};
  std::vector<detail::CellPlace> work;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (state_at(places[i]).stored) {
      ++survey.stored;
    } else if (mine(i)) {
      work.push_back(places[i]);
    }
  }
  survey.todo = static_cast<Index>(work.size());
  if (options.surveyed) {
    options.surveyed(survey);
  }
  std::stable_sort(work.begin(), work.end(),
                   [&](const auto& a, const auto& b) { return cell_at(a).cost > cell_at(b).cost; });

  const bool packed = work.size() > options.most_files;
  CellWriter writer(store, packed, options.force);
  const auto compute = [&](const std::vector<detail::CellPlace>& list, ProgressMode mode) {
    double total_cost = 0.0;
    for (const detail::CellPlace& at : list) {
      total_cost += cell_at(at).cost;
    }
    const auto num_cells = static_cast<Index>(list.size());
    Progress shown(progress, mode, num_cells, total_cost);
    std::vector<double> seconds(list.size()); // of each cell, its way into the store included
    if (options.crew != nullptr) {
      std::vector<const Cell*> cells;
      for (const detail::CellPlace& at : list) {
        cells.push_back(&cell_at(at));
      }
      options.crew->compute(cells, {packed, options.force, options.numbers_only},
                            [&](std::size_t i, StoredCell&& cell, bool computed) {
                              seconds[i] = cell.wall_s;
                              state_at(list[i]) = {std::move(cell), computed};
                              shown.finished(cells[i]->cost);
                            });
      return seconds;
    }
    const bool one_by_one = 2 * num_cells <= available_threads();
    parallel_for(
        num_cells,
        [&](Index i) {
          const detail::CellPlace at = list[static_cast<std::size_t>(i)];
          const Cell& cell = cell_at(at);
          const auto begin = std::chrono::steady_clock::now();
          StoredCell computed = detail::compute_cell(jobs[at.job].study, cell);
          writer.save(cell.name, cell.key, computed);
          const auto end = std::chrono::steady_clock::now();
          seconds[static_cast<std::size_t>(i)] = std::chrono::duration<double>(end - begin).count();
          if (options.numbers_only) {
            computed.record = detail::numbers_of(computed.record);
          }
          state_at(at) = {std::move(computed), true};
          shown.finished(cell.cost);
        },
        one_by_one ? 1 : 0);
    return seconds;
  };
  if (options.estimated) {
    const auto threads = static_cast<std::size_t>(options.slots());
    if (work.size() >= 10 * threads) { // each thread's first cell is slow: its memory is new
      compute(detail::take_middle(work, threads), ProgressMode::none);
    }
    const std::vector<detail::CellPlace> pilots = detail::take_pilots(work, cell_at);
    const std::vector<double> took = compute(pilots, ProgressMode::none);
    std::vector<std::pair<double, double>> measured;
    for (std::size_t i = 0; i < pilots.size(); ++i) {
      measured.emplace_back(cell_at(pilots[i]).cost, took[i]);
    }
    std::vector<double> costs;
    costs.reserve(work.size());
    for (const detail::CellPlace& at : work) {
      costs.push_back(cell_at(at).cost);
    }
    // Where all threads worked on one cell at a time, the seconds are those of all of them.
    const auto num_pilots = static_cast<Index>(pilots.size());
    const bool one_by_one = 2 * num_pilots <= options.slots();
    const double seconds = measured.empty() ? 0.0 : detail::predicted_seconds(measured, costs);
    options.estimated(
        {num_pilots, static_cast<Index>(work.size()), seconds / (one_by_one ? 1 : options.slots())},
        result);
  }
  compute(work, options.progress);
  writer.sync();
  if (options.shard.count > 1) {
    load_missing(false); // another shard may have finished meanwhile
  }
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

} // namespace gradus::study
