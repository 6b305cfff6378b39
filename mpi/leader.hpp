// SPDX-License-Identifier: BSD-3-Clause
// Rank 0: hands out the cells.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wire.hpp"
#include <gradus/study/cell_queue.hpp>
#include <gradus/study/crew.hpp>

namespace gradus::mpi {

/// The ranks from 1 on, as a crew. All of it runs in one thread of rank 0.
class Leader : public study::Crew {
public:
  /// @param ranks    number of ranks, >= 2; each must run serve()
  /// @param threads  of a rank, unless set_threads says otherwise
  /// @param out      as --out has it; ranks replace {rank} by their number
  Leader(int ranks, int threads, std::string out)
      : ranks_(ranks), threads_(threads), out_(std::move(out)) {}
  /// Lets the ranks go.
  ~Leader() override { tell({{"do", "leave"}}); }
  Leader(const Leader&) = delete;
  Leader& operator=(const Leader&) = delete;

  void set_threads(int threads) override { threads_ = threads; }
  [[nodiscard]] int slots() const override { return (ranks_ - 1) * threads_; }

  void compute(std::span<const study::Cell* const> cells, const Orders& orders,
               const Finished& finished) override {
    if (cells.empty()) {
      return;
    }
    if (!open_) {
      tell({{"do", "open"}, {"out", out_}, {"threads", threads_}});
      attend(nullptr, cells, finished);
      open_ = true;
    }
    handed_back_.assign(cells.size(), false);
    if (out_.find("{rank}") != std::string::npos && !orders.replace) {
      bring(cells, orders, finished);
    }
    std::vector<double> costs;
    todo_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!handed_back_[i]) {
        costs.push_back(cells[i]->cost);
        todo_.push_back(i);
      }
    }
    const bool one_by_one =
        2 * static_cast<int>(std::min<std::size_t>(todo_.size(), 1U << 20U)) <= slots();
    study::CellQueue queue(std::move(costs), one_by_one ? ranks_ - 1 : slots());
    tell({{"do", "compute"},
          {"one_by_one", one_by_one},
          {"packed", orders.packed},
          {"replace", orders.replace},
          {"numbers_only", orders.numbers_only}});
    attend(&queue, cells, finished);
  }

private:
  void tell(const Json& message) const {
    for (int rank = 1; rank < ranks_; ++rank) {
      send(rank, Tag::order, message);
    }
  }

  /// Has ranks with stores of their own hand back those cells that they find there.
  void bring(std::span<const study::Cell* const> cells, const Orders& orders,
             const Finished& finished) {
    Json names = Json::array();
    for (const study::Cell* cell : cells) {
      names.push_back(cell->name);
    }
    tell({{"do", "bring"}, {"names", std::move(names)}, {"numbers_only", orders.numbers_only}});
    todo_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      todo_.push_back(i);
    }
    attend(nullptr, cells, finished);
  }

  /// Takes reports until every rank is done, and hands out cells to those that ask.
  void attend(study::CellQueue* queue, std::span<const study::Cell* const> cells,
              const Finished& finished) {
    std::optional<std::pair<std::size_t, Json>> failed; // at the first place that failed
    for (int busy = ranks_ - 1; busy > 0;) {
      auto [rank, message] = receive(MPI_ANY_SOURCE, Tag::report);
      for (const Json& item : message["finished"]) {
        const auto i = item[0].get<std::size_t>();
        take(i, item[1], queue, finished);
      }
      if (message.contains("failed")) {
        const auto at = message["at"].get<std::size_t>();
        if (!failed || at < failed->first) {
          failed = {at, message["failed"]};
        }
      }
      if (message.contains("slot")) {
        Json portion = Json::array();
        if (queue != nullptr && !failed) {
          for (const std::size_t k : queue->next()) {
            portion.push_back({k, cells[todo_[k]]->key});
          }
        }
        send(rank, Tag::first_slot + message["slot"].get<int>(), portion);
      }
      busy -= message.contains("done") ? 1 : 0;
    }
    if (failed) {
      rethrow(failed->second);
    }
  }

  void take(std::size_t k, const Json& packed, study::CellQueue* queue, const Finished& finished) {
    const auto& bytes = packed.get_binary();
    study::StoredCell cell =
        study::Store::decode({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "");
    if (queue != nullptr) {
      queue->finished(k, cell.wall_s);
    }
    if (const std::size_t i = todo_[k]; !handed_back_[i]) {
      handed_back_[i] = true;
      finished(i, std::move(cell), queue != nullptr);
    }
  }

  int ranks_;
  int threads_;
  std::string out_;
  bool open_ = false;
  std::vector<bool> handed_back_; ///< by position in the list of cells
  std::vector<std::size_t> todo_; ///< positions in the list, by what the ranks call them
};

} // namespace gradus::mpi
