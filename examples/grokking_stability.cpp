// SPDX-License-Identifier: BSD-3-Clause
//
// Grokking at the Edge of Numerical Stability
// Prieto, Barsbey, Mediano, Birdal 2025 (arXiv 2501.04697, ICLR 2025)
//
// Without regularisation a network that fits keeps growing its logits along its own weights, until
// the softmax sum absorbs every term but one: loss and label gradient become exactly 0 and learning
// stops. StableMax removes the cause; making the gradient orthogonal to the weights, the delay.
//
// The parts: training.hpp (runs, and what is looked at), claims.hpp, figures.hpp.

#include <string>
#include <utility>

#include "grokking_stability/claims.hpp"
#include "grokking_stability/figures.hpp"
#include "grokking_stability/metrics.hpp"
#include "grokking_stability/setting.hpp"
#include "grokking_stability/training.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace numerical_stability {
namespace {

struct GrokkingStability {
  static constexpr Card card{
      .id = "grokking-stability",
      .title = "Grokking at the edge of numerical stability",
      .paper = "Prieto, Barsbey, Mediano, Birdal: Grokking at the Edge of Numerical Stability, "
               "2025, arXiv 2501.04697",
      .line = "softmax collapse stops learning before the net generalises; StableMax or a gradient "
              "orthogonal to the weights lets it grok without weight decay",
      .revision = 1};

  using Params = numerical_stability::Params;
  static Params preset(Preset which) { return numerical_stability::preset(which); }
  static void validate(const Params& params) { numerical_stability::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    numerical_stability::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    numerical_stability::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    const auto make = [&](const char* name, const Params& params) {
      return arm(name, params).seeds(p.seeds);
    };
    Params many = p; // more pairs to train on, a faster second moment
    many.train_fraction = 0.8;
    many.beta2 = 0.95;
    many.epochs = 600;
    Plan<Params> plan{arm("absorption", p), make("scaling", many), make("adamw", p),
                      make("orthogonal", p).with(&Params::orthogonal, true)};
    if (!p.full) {
      return plan;
    }
    plan.push_back(
        make("decay", p).with(&Params::weight_decay, 1.0).with(&Params::epochs, 4 * p.epochs));
    plan.push_back(make("softmax", many));
    plan.push_back(make("softmax-double", many)
                       .with(&Params::loss_precision, "double")
                       .with(&Params::epochs, 1000));
    plan.push_back(make("stablemax", many)
                       .with(&Params::loss, "stablemax")
                       .with(&Params::loss_precision, "double")
                       .with(&Params::epochs, 1000));
    Params ladder = many;
    ladder.prime = 41;
    ladder.width = 96;
    ladder.learning_rate = 0.003;
    const auto rung = [&](const std::string& name, const char* precision, Index epochs) {
      return arm("ladder-" + name, ladder)
          .seeds(p.seeds)
          .with(&Params::loss_precision, precision)
          .with(&Params::epochs, epochs);
    };
    plan.push_back(rung("bfloat16", "bfloat16", 400));
    plan.push_back(rung("half", "half", 400));
    plan.push_back(rung("float", "float", 800));
    plan.push_back(rung("double", "double", 1600));
    plan.push_back(rung("exact", "float", 1600)
                       .with(&Params::loss, "exact")
                       .with(&Params::gradient_scale, 0x1p40));
    return plan;
  }

  /// Floating-point operations of a cell, roughly: the dense products, and 30 an output in the
  /// loss.
  static double cost(const Params& p, const Point& at) {
    const auto width = static_cast<double>(p.width);
    const auto prime = static_cast<double>(p.prime);
    const double step = 6 * width * (width + prime) + 30 * prime;
    const double epochs = at.arm() == "absorption" ? 1
                          : at.arm() == "scaling"  ? static_cast<double>(p.scaling_epochs)
                                                   : static_cast<double>(p.epochs);
    return step * p.train_fraction * prime * prime * epochs;
  }

  /// One cell: one arm, one seed. Arms share their initial weights and, at the same fraction,
  /// pairs.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    if (at.arm() == "absorption") {
      run_absorption(p, out);
    } else if (at.arm() == "scaling") {
      run_scaling(p, stream, out);
    } else {
      run_training(p, stream, out);
    }
  }
};

} // namespace
} // namespace numerical_stability

study::Study grokking_stability() {
  return study::make_study<numerical_stability::GrokkingStability>();
}

} // namespace gradus::examples
