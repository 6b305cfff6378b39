// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::study {

/// One statement that can fail: a number that the paper's theorem or figure predicts, how it is
/// measured, and the bound it must meet.
class Claim {
public:
  /// @param id  names it in tables and result.json   @param statement  what is claimed, in words
  Claim(std::string id, std::string statement)
      : id_(std::move(id)), statement_(std::move(statement)) {}

  /// Where the statement comes from: "Theorem 3.1", "figure 2", "derived".
  Claim& source(std::string text) {
    source_ = std::move(text);
    return *this;
  }
  /// How the number is obtained; called only when there are results to measure.
  Claim& measured(std::function<Summary()> measure) {
    measure_ = std::move(measure);
    return *this;
  }
  /// The number must be >= bound.
  Claim& at_least(double bound) { return bounded(">=", bound, infinity); }
  /// The number must be <= bound.
  Claim& at_most(double bound) { return bounded("<=", -infinity, bound); }
  /// The number must lie in [low, high].
  Claim& in(double low, double high) { return bounded("in", low, high); }
  /// The number must lie in [centre - tolerance, centre + tolerance].
  Claim& within(double centre, double tolerance) {
    return in(centre - tolerance, centre + tolerance);
  }
  /// The number must be exactly this: for counts.
  Claim& equals(double value) { return bounded("=", value, value); }

  /// Marks a negative control: the change that must make the phenomenon vanish.
  Claim& control() {
    control_ = true;
    return *this;
  }
  /// Marks a statement that careful work found not to come out at this scale, and why. It is
  /// shown and counted apart; should it hold, the run fails until the mark is taken off.
  Claim& known_miss(std::string reason) {
    known_miss_ = std::move(reason);
    return *this;
  }

  /// Name of the claim, once in a study.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  /// What is claimed, in words.
  [[nodiscard]] const std::string& statement() const noexcept { return statement_; }
  /// Where it comes from; empty if not said.
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  /// How the number must stand to the bound: ">=", "<=", "in" or "="; empty without a bound.
  [[nodiscard]] const std::string& relation() const noexcept { return relation_; }
  /// One number, or two for "in".
  [[nodiscard]] std::vector<double> bound() const {
    if (relation_ == "in") {
      return {low_, high_};
    }
    return {relation_ == "<=" ? high_ : low_};
  }
  /// Whether it is a negative control.
  [[nodiscard]] bool is_control() const noexcept { return control_; }
  /// Whether it is expected not to hold.
  [[nodiscard]] bool is_known_miss() const noexcept { return !known_miss_.empty(); }
  /// Why it is expected not to hold; empty unless it is a known miss.
  [[nodiscard]] const std::string& miss_reason() const noexcept { return known_miss_; }

  /// Measures. A Summary marked `every` reports the value that is worst for the bound.
  [[nodiscard]] Summary measure() const {
    Summary result = measure_ ? measure_() : Summary{};
    if (result.every) {
      const double margin_low = std::min(result.low - low_, high_ - result.low);
      const double margin_high = std::min(result.high - low_, high_ - result.high);
      result.value = margin_low < margin_high ? result.low : result.high;
    }
    return result;
  }
  /// Whether a measured number meets the bound; false for NaN.
  [[nodiscard]] bool holds(double value) const { return value >= low_ && value <= high_; }

private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  Claim& bounded(const char* relation, double low, double high) {
    relation_ = relation;
    low_ = low;
    high_ = high;
    return *this;
  }

  std::string id_;
  std::string statement_;
  std::string source_;
  std::function<Summary()> measure_;
  std::string relation_;
  double low_ = -infinity;
  double high_ = infinity;
  bool control_ = false;
  std::string known_miss_;
};

/// The claims of a study, in the order they are made.
class Claims {
public:
  /// Makes a claim; say its source, measurement and bound on what is returned.
  /// @throws ArgumentError if the id is taken
  Claim& expect(std::string id, std::string statement) {
    for (const Claim& claim : list_) {
      require(claim.id() != id, "claim id", id, "an id used once");
    }
    return list_.emplace_back(std::move(id), std::move(statement));
  }

  /// The claims made so far.
  [[nodiscard]] const std::deque<Claim>& list() const noexcept { return list_; }

private:
  std::deque<Claim> list_; // keeps references valid
};

} // namespace gradus::study
