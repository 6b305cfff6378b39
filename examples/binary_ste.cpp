// SPDX-License-Identifier: BSD-3-Clause
//
// Estimator Meets Equilibrium Perspective: A Rectified Straight Through Estimator for Binary Neural
// Networks Training
// Wu, Zheng, Liu, Zheng 2023 (arXiv 2308.06689)
//
// A binary network puts sign(z) forward and the derivative of a surrogate backward. With
// sign(z) |z|^(1/o) the surrogate is nearer to the sign the larger o is, and its gradients are less
// steady: training is best in between, and better than with the straight-through estimator.
//
// The parts: ste.cpp, reste.cpp, ede.cpp, dsq.cpp (training with an estimator), real.cpp (with
// none), theory.cpp (both indicators at initialisation), claims*.cpp, figures*.cpp.

#include <algorithm>
#include <string>

#include "binary_ste/claims.hpp"
#include "binary_ste/figures.hpp"
#include "binary_ste/metrics.hpp"
#include "binary_ste/networks.hpp"
#include "binary_ste/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace binary {
namespace {

struct BinarySte {
  static constexpr Card card{
      .id = "binary-ste",
      .title = "Between a true sign and steady gradients: estimators of binary networks",
      .paper = "Wu, Zheng, Liu, Zheng: Estimator Meets Equilibrium Perspective: A Rectified "
               "Straight Through Estimator for Binary Neural Networks Training, 2023, "
               "arXiv 2308.06689",
      .line = "replacing sign's derivative by that of sign(z)|z|^(1/o) trades estimating error "
              "against gradient stability; training is best in between",
      .revision = 1};

  using Params = binary::Params;
  static Params preset(Preset which) { return binary::preset(which); }
  static void validate(const Params& params) { binary::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    judge_indicators(p, r, claims);
    judge_training(p, r, claims);
    judge_controls(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    draw_shapes(figures);
    binary::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    Plan<Params> arms{
        arm("theory", p).seeds(p.seeds),
        arm("reste", p).grid("order", orders(p.full)).seeds(p.seeds),
        arm("ste", p).seeds(p.seeds),
        arm("control-identity", p)
            .with(&Params::order, 1.0)
            .with(&Params::flat, 0.0)
            .with(&Params::clip, 1.0)
            .seeds(p.seeds),
        arm("control-float", p) // takes little time, and is judged at the default size
            .with(&Params::num_train, std::max(p.num_train, Params().num_train))
            .with(&Params::epochs, std::max(p.epochs, Params().epochs))
            .seeds(p.seeds),
    };
    if (p.full) {
      arms.push_back(arm("reste-close", p).grid("order", close_orders()).seeds(p.steady_seeds));
      arms.push_back(arm("control-no-flat", p)
                         .with(&Params::order, 10.0)
                         .grid("flat", thin_flats())
                         .seeds(p.seeds));
      arms.push_back(arm("ede", p).seeds(p.seeds));
      arms.push_back(arm("dsq", p).seeds(p.seeds));
      for (const char* name : {"ste-rates", "reste-rates", "ede-rates", "dsq-rates"}) {
        arms.push_back(arm(name, p).grid("rate", rates()).seeds(p.rate_seeds));
      }
    }
    return arms;
  }

  /// Floating-point operations of a cell, roughly.
  static double cost(const Params& p, const Point& at) {
    const auto number = [](Index n) { return static_cast<double>(n); };
    if (at.arm() == "theory") {
      return 20 * number(p.theory_width * p.theory_width * p.theory_samples);
    }
    const double weights = number(p.width * (74 + p.binary_layers * p.width));
    return 6 * weights * number(p.epochs * p.num_train);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    const auto is = [&](const char* word) {
      return name == word || name == word + std::string("-rates");
    };
    if (name == "theory") {
      run_theory(p, stream, out);
    } else if (name == "control-float") {
      run_real(p, stream, out);
    } else if (is("ste")) {
      run_ste(p, stream, out);
    } else if (is("ede")) {
      run_ede(p, stream, out);
    } else if (is("dsq")) {
      run_dsq(p, stream, out);
    } else {
      run_reste(p, stream, out);
    }
  }
};

} // namespace
} // namespace binary

study::Study binary_ste() { return study::make_study<binary::BinarySte>(); }

} // namespace gradus::examples
