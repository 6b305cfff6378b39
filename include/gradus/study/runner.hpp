// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <chrono>
#include <new>
#include <numeric>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/random.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/progress.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/store.hpp>

namespace gradus::study {

/// One part of the cells out of `count`: those whose position leaves the remainder `index`.
struct Shard {
  Index index = 0; ///< in [0, count)
  Index count = 1; ///< >= 1; 1 is everything
};

/// How a batch is run.
struct BatchOptions {
  bool force = false;                         ///< compute cells again that are in the store
  Shard shard = {};                           ///< which cells to compute; all of them unless said
  ProgressMode progress = ProgressMode::none; ///< how progress is shown
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

} // namespace detail

/// Computes the cells of all jobs that are not in the store yet, in one parallel loop, the longest
/// first, and stores each as it finishes. With no more than half as many cells as threads they run
/// one after another instead, so that the loops inside a cell get the threads.
/// @param progress  where progress is shown
/// @throws ArgumentError, Fault, IoError; cells that finished before are stored
[[nodiscard]] inline BatchResult run_batch(const std::vector<Job>& jobs, const Store& store,
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
    parallel_for(static_cast<Index>(places.size()), [&](Index i) {
      const auto position = static_cast<std::size_t>(i);
      CellState& state = state_at(places[position]);
      if (!state.stored && !(forced && mine(position))) {
        const Cell& cell = cell_at(places[position]);
        state.stored = store.load(cell.name, cell.key);
      }
    });
  };
  load_missing(options.force);

  std::vector<detail::CellPlace> work;
  double total_cost = 0.0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (mine(i) && !state_at(places[i]).stored) {
      work.push_back(places[i]);
      total_cost += cell_at(places[i]).cost;
    }
  }
  std::stable_sort(work.begin(), work.end(),
                   [&](const auto& a, const auto& b) { return cell_at(a).cost > cell_at(b).cost; });

  const auto num_cells = static_cast<Index>(work.size());
  const bool one_by_one = 2 * num_cells <= available_threads();
  {
    Progress shown(progress, options.progress, num_cells, total_cost);
    parallel_for(
        num_cells,
        [&](Index i) {
          const detail::CellPlace at = work[static_cast<std::size_t>(i)];
          const Cell& cell = cell_at(at);
          StoredCell computed = detail::compute_cell(jobs[at.job].study, cell);
          store.save(cell.name, cell.key, computed);
          state_at(at) = {std::move(computed), true};
          shown.finished(cell.cost);
        },
        one_by_one ? 1 : 0);
  }
  store.sync();
  if (options.shard.count > 1) {
    load_missing(false); // another shard may have finished meanwhile
  }
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

} // namespace gradus::study
