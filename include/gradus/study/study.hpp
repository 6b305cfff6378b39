// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/core/random.hpp>
#include <gradus/study/card.hpp>
#include <gradus/study/claims.hpp>
#include <gradus/study/figures.hpp>
#include <gradus/study/metric.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>
#include <gradus/study/results.hpp>

namespace gradus::study {

/// A study with its types erased: what the harness works on. Made by make_study.
struct Study {
  /// An arm with its parameters as a list.
  struct ArmPlan {
    std::string name;           ///< occurs once in a study
    Parameters parameters;      ///< all of the study's, as this arm has them
    std::vector<GridAxis> axes; ///< the grid is their product; none: a single point
    Index num_seeds = 1;        ///< seeds at each grid point
  };

  /// Names, paper and revision.
  Card card{};
  /// The parameters of a preset.
  std::function<Parameters(Preset)> preset;
  /// The arms for the given parameters. @throws ArgumentError on values that do not go together
  std::function<std::vector<ArmPlan>(const Parameters&)> plan;
  /// Throws ArgumentError if a cell's parameters do not go together.
  std::function<void(const Parameters&)> validate;
  /// Estimated work of one cell, in any unit (floating-point operations by custom).
  std::function<double(const Parameters&, const Point&)> cost;
  /// Computes one cell.
  std::function<void(const Parameters&, const Point&, const Stream&, Record&)> run;
  /// Makes the claims. Called without results to list them, so it leaves measuring to the claims.
  std::function<void(const Parameters&, const Results&, Claims&)> judge;
  /// Makes the figures of complete results.
  std::function<void(const Parameters&, const Results&, Figures&)> draw;
  /// What the study says of the numbers it records; may be empty.
  std::vector<Metric> metrics = {};
  /// What theory predicts for a number of a cell, NaN if nothing; empty without such a member.
  std::function<double(const Parameters&, const Point&, std::string_view)> theory = {};
  /// Where theory puts a transition of a number: positive on one side, negative on the other, NaN
  /// if nowhere; empty without such a member.
  std::function<double(const Parameters&, const Point&, std::string_view)> boundary = {};
};

/// What a study file defines. More members are optional: `validate(params)`, which throws an
/// ArgumentError on values that do not go together; `cost(params, point)`, the estimated
/// floating-point operations of a cell (the longest run first, and progress is counted in them);
/// `metrics()`, a vector of Metric that says what the recorded numbers mean; and, for the figures
/// of sweeps, `theory(params, point, number)`, what theory predicts for the number of that name
/// (std::string_view) in a cell, and `boundary(params, point, number)`, which is zero where theory
/// puts a transition; both are NaN where theory says nothing.
template <class T>
concept StudyDefinition = HasParameterList<typename T::Params> &&
    requires(const typename T::Params& params, const Point& point, const Stream& stream,
             Record& record, const Results& results, Claims& claims, Figures& figures) {
  { T::card } -> std::convertible_to<Card>;
  { T::preset(Preset::quick) } -> std::same_as<typename T::Params>;
  { T::plan(params) } -> std::same_as<Plan<typename T::Params>>;
  T::run(params, point, stream, record);
  T::judge(params, results, claims);
  T::draw(params, results, figures);
};

/// Erases the types of a study definition.
template <StudyDefinition T>
Study make_study() {
  using Params = typename T::Params;
  const auto from = [](const Parameters& list) {
    Params params;
    assign_parameters(params, list);
    return params;
  };
  Study study;
  study.card = T::card;
  study.preset = [](Preset preset) { return list_parameters(T::preset(preset)); };
  study.plan = [from](const Parameters& list) {
    std::vector<Study::ArmPlan> arms;
    for (Arm<Params>& arm : T::plan(from(list))) {
      arms.push_back(
          {std::move(arm.name), list_parameters(arm.params), std::move(arm.axes), arm.num_seeds});
    }
    return arms;
  };
  study.validate = [from](const Parameters& list) {
    const Params params = from(list);
    if constexpr (requires { T::validate(params); }) {
      T::validate(params);
    }
  };
  study.cost = [from]([[maybe_unused]] const Parameters& list,
                      [[maybe_unused]] const Point& point) {
    static_cast<void>(from); // not used where T has no cost
    if constexpr (requires(const Params& params) { T::cost(params, point); }) {
      return static_cast<double>(T::cost(from(list), point));
    } else {
      return 1.0;
    }
  };
  study.run = [from](const Parameters& list, const Point& point, const Stream& stream,
                     Record& record) { T::run(from(list), point, stream, record); };
  study.judge = [from](const Parameters& list, const Results& results, Claims& claims) {
    T::judge(from(list), results, claims);
  };
  study.draw = [from](const Parameters& list, const Results& results, Figures& figures) {
    T::draw(from(list), results, figures);
  };
  if constexpr (requires { T::metrics(); }) {
    study.metrics = T::metrics();
  }
  if constexpr (requires(const Params& params, const Point& point, std::string_view number) {
                  T::theory(params, point, number);
                }) {
    study.theory = [from](const Parameters& list, const Point& point, std::string_view number) {
      return static_cast<double>(T::theory(from(list), point, number));
    };
  }
  if constexpr (requires(const Params& params, const Point& point, std::string_view number) {
                  T::boundary(params, point, number);
                }) {
    study.boundary = [from](const Parameters& list, const Point& point, std::string_view number) {
      return static_cast<double>(T::boundary(from(list), point, number));
    };
  }
  return study;
}

} // namespace gradus::study
