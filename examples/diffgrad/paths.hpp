// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/types.hpp>
#include <gradus/objective/piecewise.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/diffgrad.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::gradient_friction {

/// Where the global minimum of function 1, 2 or 3 lies.
inline double global_minimum(int number) {
  return number == 1 ? -0.3 : number == 2 ? -0.64290 : 0.0;
}

/// Calls body(f) with function 1, 2 or 3.
template <class Body>
void with_function(const Params& p, int number, Body&& body) {
  if (number == 1) {
    body(objective::TwoParabolas<double>(p.scale));
  } else if (number == 2) {
    body(objective::CubicWave<double>(p.wave_gradient == "notebook"));
  } else {
    body(objective::ThreeBasins<double>{});
  }
}

/// The path of a rule on a function from a start, and diffGrad's friction along it.
struct Path {
  std::vector<double> x;        ///< positions
  std::vector<double> f;        ///< values there
  std::vector<double> friction; ///< of the step that follows; empty for other rules
};

template <class F, class Rule>
Path follow(F f, const Rule& rule, double start, Index positions) {
  Vector<double> theta = Vector<double>::Constant(1, start);
  optim::Descent run(f, rule, theta);
  Path path;
  for (Index k = 0; k < positions; ++k) {
    path.x.push_back(theta(0));
    path.f.push_back(run.evaluate());
    if (k + 1 < positions) {
      if constexpr (requires { friction_coefficients(rule, run.state(), theta, run.gradient()); }) {
        path.friction.push_back(friction_coefficients(rule, run.state(), theta, run.gradient())(0));
      }
      run.update();
    }
  }
  return path;
}

/// 0, 1, ..., size - 1.
inline Axis counted(std::string name, std::size_t size) {
  Axis axis{std::move(name), {}};
  for (std::size_t i = 0; i < size; ++i) {
    axis.at.push_back(static_cast<double>(i));
  }
  return axis;
}

/// One cell of the paths: every rule on one function.
inline void run_paths(const Params& p, const Point& at, Record& out) {
  const int number = static_cast<int>(at["function"]);
  with_function(p, number, [&](const auto& f) {
    for_each_rule(p, [&](const std::string& name, const auto& rule) {
      Path path = follow(f, rule, p.start, p.positions);
      out.number("end_" + name, path.x.back());
      out.number("end_value_" + name, path.f.back());
      if (name == "diffgrad") {
        const auto& xi = path.friction;
        out.number("min_friction", *std::min_element(xi.begin(), xi.end()));
        double late = 0;
        for (std::size_t k = xi.size() - 50; k < xi.size(); ++k) {
          late += xi[k] / 50;
        }
        out.number("late_friction", late);
        out.series("friction", counted("step", xi.size()), xi);
      }
      const Axis steps = counted("step", path.x.size());
      out.series("x_" + name, steps, std::move(path.x));
      out.series("f_" + name, steps, std::move(path.f));
    });
    Axis grid{"x", linspace(-1.4, 1.0, 481)};
    std::vector<double> values;
    for (const double x : grid.at) {
      values.push_back(f.at(x).value);
    }
    out.series("function", std::move(grid), std::move(values));
  });
}

/// One cell of the sweep: from which starts and with which learning rates a rule ends at the global
/// minimum of one function.
inline void run_sweep(const Params& p, const Point& at, Record& out) {
  const int number = static_cast<int>(at["function"]);
  const Axis starts{"start", linspace(-1.4, -0.8, p.sweep_starts)};
  const Axis rates{"learning rate", linspace(0.02, 0.2, p.sweep_rates)};
  const auto success = [&](const std::string& name, auto rule) {
    std::vector<double> table;
    double sum = 0;
    with_function(p, number, [&](const auto& f) {
      for (const double start : starts.at) {
        for (const double rate : rates.at) {
          rule.learning_rate = rate;
          auto objective = f;
          Vector<double> theta = Vector<double>::Constant(1, start);
          optim::Descent run(objective, rule, theta);
          for (Index k = 1; k < p.positions; ++k) {
            run.evaluate();
            run.update();
          }
          const bool there = std::abs(theta(0) - global_minimum(number)) <= 0.05;
          table.push_back(there ? 1 : 0);
          sum += table.back();
        }
      }
    });
    out.number("success_" + name, sum / static_cast<double>(table.size()));
    out.table("success_" + name, {starts, rates}, std::move(table));
  };
  success("adam", optim::Adam<double>{.beta1 = p.beta1});
  success("diffgrad", optim::DiffGrad<double>{.beta1 = p.beta1});
  success("half", optim::DiffGrad<double, optim::ConstantFriction>{.beta1 = p.beta1});
}

} // namespace gradus::examples::gradient_friction
