// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include <gradus/study/cell.hpp>
#include <gradus/study/store.hpp>

namespace gradus::study {

/// Other processes that compute the cells of a batch in place of this one's threads, and store
/// them.
class Crew {
public:
  /// How cells are computed and stored.
  struct Orders {
    bool packed = false;       ///< as CellWriter takes it
    bool replace = false;      ///< as CellWriter takes it
    bool numbers_only = false; ///< series are stored, but not handed back
  };
  /// Takes a finished cell: its position in the list, what it left, and whether it was computed
  /// now (or lay in a store of the crew).
  using Finished = std::function<void(std::size_t, StoredCell&&, bool)>;

  Crew() = default;
  virtual ~Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Threads that each process is to use, before the first cell is computed.
  virtual void set_threads(int threads) = 0;
  /// How many cells are computed at once by all of them.
  [[nodiscard]] virtual int slots() const = 0;
  /// Computes and stores the cells, the longest first, and hands each back in this thread.
  /// @throws ArgumentError, Fault, as a cell or its storing does; finished cells are stored
  virtual void compute(std::span<const Cell* const> cells, const Orders& orders,
                       const Finished& finished) = 0;
};

} // namespace gradus::study
