// SPDX-License-Identifier: BSD-3-Clause
// Ranks from 1 on: compute cells and store them.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire.hpp"
#include <gradus/core/parallel.hpp>
#include <gradus/study/cell_key.hpp>
#include <gradus/study/exit_status.hpp>
#include <gradus/study/runner.hpp>
#include <gradus/study/store.hpp>

namespace gradus::mpi {

/// Does what rank 0 orders.
class Member {
public:
  /// @param studies  all that rank 0 may ask for   @param rank  this one's
  Member(std::vector<study::Study> studies, int rank) : studies_(std::move(studies)), rank_(rank) {}

  /// Works until rank 0 lets go.
  void serve() {
    while (true) {
      const Json message = receive(0, Tag::order).second;
      const auto what = message["do"].get<std::string>();
      if (what == "leave") {
        return;
      }
      Json last{{"done", true}};
      try {
        if (what == "open") {
          open(message);
        } else if (what == "bring") {
          bring(message);
        } else {
          compute(message);
        }
      } catch (...) {
        fail(last, std::numeric_limits<std::int64_t>::max());
      }
      tell(last);
    }
  }

private:
  using Clock = std::chrono::steady_clock;

  /// Cells that are on their way to rank 0.
  struct Bag {
    Json finished = Json::array();
    std::size_t bytes = 0;
    Clock::time_point since = Clock::now();

    void add(std::size_t position, const study::StoredCell& cell) {
      const std::string packed = study::Store::encode("", cell);
      bytes += packed.size();
      finished.push_back({position, Json::binary({packed.begin(), packed.end()})});
    }
    /// Whether rank 0 should have them now.
    [[nodiscard]] bool is_full() const {
      return bytes > (std::size_t{1} << 20U) ||
             Clock::now() - since > std::chrono::milliseconds(200);
    }
    [[nodiscard]] Json empty() {
      bytes = 0;
      since = Clock::now();
      return {{"finished", std::exchange(finished, Json::array())}};
    }
  };

  void tell(const Json& message) {
    const std::lock_guard lock(mutex_);
    send(0, Tag::report, message);
  }

  /// Reports, and waits for the next cells.
  Json ask(Json message, Index slot) {
    message["slot"] = slot;
    const std::lock_guard lock(mutex_); // one thread at a time may talk
    send(0, Tag::report, message);
    return receive(0, Tag::first_slot + static_cast<int>(slot)).second;
  }

  /// Adds the exception that is being handled.
  void fail(Json& message, std::int64_t position) const {
    message["failed"] = failure();
    message["at"] = position;
    try {
      throw;
    } catch (const study::IoError& error) {
      message["failed"]["text"] = "rank " + std::to_string(rank_) + ": " + error.what();
    } catch (...) { // NOLINT: said already
    }
  }

  void open(const Json& message) {
    const int threads = message["threads"];
#ifdef _OPENMP
    omp_set_num_threads(threads);
    threads_ = threads;
#else
    threads_ = threads > 1 ? 1 : threads;
#endif
    store_.emplace(with_rank(message["out"].get<std::string>(), rank_),
                   [this](const std::string& line) {
                     const std::lock_guard lock(note_mutex_);
                     study::detail::complain("rank " + std::to_string(rank_) + ": " + line,
                                             study::Exit::success);
                   });
  }

  /// A stored cell; nothing if it is not there or cannot be read back: then it is computed again.
  static std::optional<study::StoredCell> find(const study::StoreListing& listing,
                                               const std::string& name) {
    try {
      if (const auto bytes = listing.bytes(study::cell_name(name).value())) {
        const std::string key = study::Store::unpack(*bytes).first;
        return study::hash_name(key) == name ? std::optional(study::Store::decode(*bytes, key))
                                             : std::nullopt;
      }
    } catch (const std::exception&) { // NOLINT: told when somebody reads that store
    }
    return std::nullopt;
  }

  void bring(const Json& message) {
    const study::StoreListing listing = store_->list();
    Bag bag;
    const Json& names = message["names"];
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (auto cell = find(listing, names[i].get_ref<const std::string&>())) {
        if (message["numbers_only"].get<bool>()) {
          cell->record = study::detail::numbers_of(cell->record);
        }
        bag.add(i, *cell);
        if (bag.is_full()) {
          tell(bag.empty());
        }
      }
    }
    tell(bag.empty());
  }

  void compute(const Json& message) {
    const bool packed = message["packed"];
    const bool replace = message["replace"];
    const bool numbers_only = message["numbers_only"];
    const bool one_by_one = message["one_by_one"];
    if (!writer_ || packed != packed_) {
      writer_.emplace(*store_, packed, replace);
      packed_ = packed;
    }
    const int slots = one_by_one ? 1 : threads_;
    parallel_for(
        slots, [&](Index slot) { work(slot, numbers_only); }, slots);
    writer_->sync();
  }

  /// Computes portions of cells until there are none.
  void work(Index slot, bool numbers_only) {
    Bag bag;
    Json message = bag.empty();
    while (true) {
      const Json portion = ask(std::move(message), slot);
      if (portion.empty()) {
        return;
      }
      std::optional<Json> failed;
      for (const Json& item : portion) {
        const auto position = item[0].get<std::size_t>();
        try {
          const study::KeyedCell at = study::cell_from_key(studies_, item[1].get<std::string>());
          study::StoredCell cell = study::detail::compute_cell(*at.study, at.cell);
          writer_->save(at.cell.name, at.cell.key, cell);
          if (numbers_only) {
            cell.record = study::detail::numbers_of(cell.record);
          }
          bag.add(position, cell);
        } catch (...) {
          failed.emplace();
          fail(*failed, static_cast<std::int64_t>(position));
          break;
        }
        if (bag.is_full() && &item != &portion.back()) {
          tell(bag.empty());
        }
      }
      message = bag.empty();
      if (failed) {
        message.update(*failed);
      }
    }
  }

  std::vector<study::Study> studies_;
  int rank_;
  int threads_ = 1;
  std::optional<study::Store> store_;
  std::optional<study::CellWriter> writer_;
  bool packed_ = false;
  std::mutex mutex_;
  std::mutex note_mutex_;
};

} // namespace gradus::mpi
