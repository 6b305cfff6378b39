// SPDX-License-Identifier: BSD-3-Clause
//
// Improving equilibrium propagation without weight symmetry through Jacobian homeostasis
// Laborieux, Zenke 2023 (arXiv 2309.02214)
//
// A network relaxes to a fixed point; a nudge of its outputs moves it, and the motion is read as an
// error vector. Its error has two sources that have nothing to do with each other: the nudge is
// finite, which a mean over complex nudges on a circle repairs to any order, and the Jacobian is
// not symmetric, which no nudge repairs but a penalty on |J|^2 - tr J^2 does.
//
// The parts: nudges.cpp (finite nudges at rest), asymmetry.cpp (bias of the asymmetry and its
// penalty), training.cpp (runs of Adam), claims.cpp, figures.cpp.

#include <string>
#include <utility>
#include <vector>

#include "equilibrium_propagation/claims.hpp"
#include "equilibrium_propagation/experiments.hpp"
#include "equilibrium_propagation/figures.hpp"
#include "equilibrium_propagation/metrics.hpp"
#include "equilibrium_propagation/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace equiprop {
namespace {

struct EquilibriumPropagation {
  static constexpr Card card{
      .id = "equilibrium-propagation",
      .title = "Equilibrium propagation without weight symmetry",
      .paper = "Laborieux, Zenke: Improving equilibrium propagation without weight symmetry "
               "through Jacobian homeostasis, 2023, arXiv 2309.02214",
      .line =
          "complex nudges remove the error of the finite nudge to any order; that of asymmetric "
          "weights stays, until Jacobian homeostasis removes it",
      .revision = 1};

  using Params = equiprop::Params;
  static Params preset(Preset which) { return equiprop::preset(which); }
  static void validate(const Params& p) { equiprop::validate(p); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    equiprop::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    equiprop::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    const auto train = [&](std::string name, const char* gradient, const char* penalty,
                           double angle) {
      return arm(std::move(name), p)
          .with(&Params::gradient, gradient)
          .with(&Params::penalty, penalty)
          .with(&Params::angle, angle)
          .seeds(p.train_seeds);
    };
    const auto nudged = [&](std::vector<double> points, std::vector<double> radii) {
      return train("nudge", "nudge", "homeostasis", 0)
          .grid("points", std::move(points))
          .grid("beta", std::move(radii));
    };
    const auto at_rest = [&](std::string name) {
      return arm(std::move(name), p).seeds(p.static_seeds);
    };
    Plan<Params> plan{
        at_rest("orders").grid("angle", {0, p.angle}),
        arm("angle", p).grid("angle", linspace(0, p.angle, 7)).seeds(2 * p.static_seeds),
        at_rest("small-angles"),
        at_rest("hutchinson"),
        at_rest("control-symmetric").with(&Params::angle, 0),
        at_rest("control-continuation").with(&Params::angle, 0),
        arm("circle", p).with(&Params::angle, 0).seeds(1),
        train("bp", "adjoint", "none", p.angle),
        train("ep", "tangent", "none", p.angle),
        train("ep-homeostasis", "tangent", "homeostasis", p.angle),
    };
    if (p.full) {
      plan.push_back(train("control-shrinkage", "tangent", "shrinkage", p.angle));
      plan.push_back(train("bp-homeostasis", "adjoint", "homeostasis", p.angle));
      plan.push_back(train("ep-symmetric", "tangent", "none", 0));
      plan.push_back(train("ep-symmetric-homeostasis", "tangent", "homeostasis", 0));
    }
    plan.push_back(p.full ? nudged({1, 2, 4}, {0.05, 0.5}) : nudged({1}, {0.5}));
    return plan;
  }

  /// Steps of one sample's relaxation times the states that go side by side, roughly.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const double units = 2.0 * static_cast<double>(p.hidden) + 10;
    if (name == "orders" || name == "control-continuation" || name == "circle") {
      return units * 2e5;
    }
    if (name == "angle" || name == "small-angles") {
      return units * 2e4;
    }
    if (name == "hutchinson" || name == "control-symmetric") {
      return units * 4 * static_cast<double>(p.hutchinson_draws);
    }
    const double columns = p.gradient == "nudge" ? static_cast<double>(p.points) : 1.0;
    const auto samples = static_cast<double>(p.num_train * p.epochs);
    const auto steps =
        static_cast<double>(p.free_steps) + columns * static_cast<double>(p.nudged_steps);
    return units *
           (samples * steps + static_cast<double>((p.epochs + 1) * p.num_test * p.free_steps));
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "orders") {
      run_order(p, stream, out);
    } else if (name == "angle") {
      run_angle(p, stream, out);
    } else if (name == "small-angles") {
      run_perturbation(p, stream, out);
    } else if (name == "hutchinson" || name == "control-symmetric") {
      run_hutchinson(p, stream, out);
    } else if (name == "control-continuation") {
      run_not_holomorphic(p, stream, out);
    } else if (name == "circle") {
      run_circle(p, stream, out);
    } else {
      run_training(p, stream, out);
    }
  }
};

} // namespace
} // namespace equiprop

study::Study equilibrium_propagation() {
  return study::make_study<equiprop::EquilibriumPropagation>();
}

} // namespace gradus::examples
