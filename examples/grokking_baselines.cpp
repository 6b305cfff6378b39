// SPDX-License-Identifier: BSD-3-Clause
//
// Grokking where it can be predicted
// L: Levi, Beck, Bar-Sinai 2023 (arXiv 2310.16441), linear student and teacher
// O: Liu, Michaud, Tegmark 2022 (arXiv 2210.01117), networks that start too large
//
// In L the delay between fitting and generalising follows from the spectrum of the data; in O from
// the time that weight decay takes to shrink the weights to a critical norm.
//
// The parts: linear.hpp (L), large_start.hpp (O), claims.hpp, figures.hpp.

#include <algorithm>
#include <cmath>
#include <vector>

#include "grokking_baselines/claims.hpp"
#include "grokking_baselines/figures.hpp"
#include "grokking_baselines/large_start.hpp"
#include "grokking_baselines/linear.hpp"
#include "grokking_baselines/metrics.hpp"
#include "grokking_baselines/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace baselines {
namespace {

struct GrokkingBaselines {
  static constexpr Card card{
      .id = "grokking-baselines",
      .title = "Grokking that closed forms predict",
      .paper = "Levi, Beck, Bar-Sinai: Grokking in Linear Estimators, 2023, arXiv 2310.16441; Liu, "
               "Michaud, Tegmark: Omnigrok, 2022, arXiv 2210.01117",
      .line = "in a linear model the delay follows from Marchenko-Pastur, from a too large start "
              "from ln(norm / critical norm) / (rate decay)",
      .revision = 1};

  using Params = baselines::Params;
  static Params preset(Preset which) { return baselines::preset(which); }
  static void validate(const Params& params) { baselines::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    baselines::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    baselines::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    Params small = p;
    small.dim = std::max<Index>(10, 5 * p.dim / 8);
    Plan<Params> plan{arm("linear", p).grid("ratio", p.ratios()).seeds(p.linear_seeds),
                      arm("control-under", small).grid("ratio", {1.5}).seeds(2)};
    plan.push_back(arm("decay", p).grid("weight_decay", p.decays()).seeds(p.network_seeds));
    const std::vector<double> starts =
        p.full ? std::vector<double>{0.5, 2, 5} : std::vector<double>{0.5};
    plan.push_back(arm("start", p).grid("alpha", starts).seeds(p.network_seeds));
    return plan;
  }

  /// Floating-point operations of a cell, roughly; an eigenvalue problem runs at a fifth of the
  /// speed of a product.
  static double cost(const Params& p, const Point& at) {
    const auto d = static_cast<double>(p.dim);
    if (at.arm() == "linear" || at.arm() == "control-under") {
      const double n = d / at["ratio"];
      return 50 * d * d * d + 2 * n * d * d + 2 * static_cast<double>(p.num_times) * d * (n + 2000);
    }
    const auto w = static_cast<double>(p.width);
    const auto steps = static_cast<double>(steps_of(p));
    return steps * (6 * w * (w + 6) * static_cast<double>(p.num_samples) + 1e5);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    if (at.arm() == "linear" || at.arm() == "control-under") {
      run_linear(p, at, stream, out);
    } else {
      run_large_start(p, stream, out);
    }
  }
};

} // namespace
} // namespace baselines

study::Study grokking_baselines() { return study::make_study<baselines::GrokkingBaselines>(); }

} // namespace gradus::examples
