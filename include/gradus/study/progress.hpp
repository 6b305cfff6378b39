// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include <gradus/core/types.hpp>

namespace gradus::study {

/// A time in a few characters: "0.4 s", "12 s", "3:05 min", "2:03:59 h".
[[nodiscard]] inline std::string duration_text(double seconds) {
  if (seconds < 9.95) {
    return fmt::format("{:.1f} s", seconds);
  }
  const auto total = static_cast<long long>(seconds + 0.5);
  if (total < 60) {
    return fmt::format("{} s", total);
  }
  if (total < 3600) {
    return fmt::format("{}:{:02} min", total / 60, total % 60);
  }
  return fmt::format("{}:{:02}:{:02} h", total / 3600, total / 60 % 60, total % 60);
}

/// How progress is shown.
enum class ProgressMode {
  none,
  lines,   ///< a line of plain text each 10 %: for files and pipes
  terminal ///< one line redrawn at most ten times a second
};

/// Shows how far a batch of cells is: share done (weighted by cost), cells, rate, time left.
/// Any thread may report a finished cell.
class Progress {
public:
  /// @param out  where to write; must outlive this
  /// @param num_cells, total_cost  what there is to compute
  Progress(std::ostream& out, ProgressMode mode, Index num_cells, double total_cost)
      : out_(out), mode_(num_cells > 0 ? mode : ProgressMode::none), num_cells_(num_cells),
        total_cost_(total_cost), start_(Clock::now()), drawn_(start_) {
    if (mode_ == ProgressMode::terminal) {
      draw(start_);
    }
  }

  /// Ends the line on a terminal.
  ~Progress() {
    if (mode_ == ProgressMode::terminal) {
      draw(Clock::now());
      out_ << "\n" << std::flush;
    }
  }

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Counts a finished cell of the given cost.
  void finished(double cost) {
    const std::lock_guard lock(mutex_);
    ++cells_done_;
    cost_done_ += cost;
    const auto now = Clock::now();
    if (mode_ == ProgressMode::terminal && now - drawn_ >= std::chrono::milliseconds(100)) {
      draw(now);
    }
    if (mode_ == ProgressMode::lines) {
      const int tenth = static_cast<int>(share() * 10.0 + 1e-9);
      if (tenth > tenths_) {
        tenths_ = tenth;
        out_ << line(now) + "\n" << std::flush;
      }
    }
  }

private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] double share() const {
    return cells_done_ == num_cells_ ? 1.0 : std::min(cost_done_ / total_cost_, 0.999);
  }

  [[nodiscard]] std::string line(Clock::time_point now) const {
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    std::string text = fmt::format("{:3d} %  {}/{} cells", static_cast<int>(share() * 100.0),
                                   cells_done_, num_cells_);
    if (cells_done_ > 0 && elapsed > 0.0) {
      const double rate = static_cast<double>(cells_done_) / elapsed;
      text += rate < 10.0 ? fmt::format("  {:.1f} cells/s", rate)
                          : fmt::format("  {:.0f} cells/s", rate);
    }
    if (cells_done_ == num_cells_) {
      text += "  " + duration_text(elapsed);
    } else if (cells_done_ > 0) {
      text += "  " + duration_text(elapsed * (1.0 - share()) / share()) + " left";
    }
    return text;
  }

  void draw(Clock::time_point now) {
    constexpr int width = 24;
    const auto filled = static_cast<std::size_t>(share() * width);
    out_ << "\r[" + std::string(filled, '#') + std::string(width - filled, '.') + "] " + line(now) +
                "\x1b[K"
         << std::flush;
    drawn_ = now;
  }

  std::ostream& out_;
  ProgressMode mode_;
  Index num_cells_;
  double total_cost_;
  Clock::time_point start_;
  Clock::time_point drawn_;
  Index cells_done_ = 0;
  double cost_done_ = 0.0;
  int tenths_ = 0;
  std::mutex mutex_;
};

} // namespace gradus::study
