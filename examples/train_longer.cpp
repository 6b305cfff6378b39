// SPDX-License-Identifier: BSD-3-Clause
//
// Train longer, generalize better: closing the generalization gap in large batch training of
// neural networks
// Hoffer, Hubara, Soudry 2017 (arXiv 1705.08741)
//
// Early training behaves like a walk in a rough random potential: its distance grows like a power
// of ln t. A large batch generalises worse at equal epochs because it makes fewer updates; the rate
// scaled by the square root of the batch, batch statistics of small "ghost" batches and as many
// updates as the small batch makes close the gap.
//
// The parts: walk.cpp and walk_checks.cpp (walks in random potentials), covariance.cpp (noise of
// mini-batch gradients), normalized.cpp, plain.cpp, ghost_gradient.cpp (the gap), stream.cpp (the
// distance of networks), claims*.cpp, figures.cpp.

#include <string>

#include "train_longer/claims.hpp"
#include "train_longer/figures.hpp"
#include "train_longer/metrics.hpp"
#include "train_longer/networks.hpp"
#include "train_longer/setting.hpp"
#include "train_longer/walk.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace longer {
namespace {

struct TrainLonger {
  static constexpr Card card{
      .id = "train-longer",
      .title = "Large batches generalise as well when trained for as many updates",
      .paper =
          "Hoffer, Hubara, Soudry: Train longer, generalize better: closing the generalization "
          "gap in large batch training of neural networks, 2017, arXiv 1705.08741",
      .line = "a large batch generalises worse because it makes fewer updates; distance grows like "
              "log t, and a scaled rate, ghost batches and more updates close the gap",
      .revision = 1};

  using Params = longer::Params;
  static Params preset(Preset which) { return longer::preset(which); }
  static void validate(const Params& params) { longer::validate(params); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    judge_walks(p, r, claims);
    judge_networks(p, r, claims);
    judge_controls(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    longer::draw(p, r, figures);
  }

  static Plan<Params> plan(const Params& p) {
    Plan<Params> arms{
        arm("exact", p).seeds(p.full ? p.walk_seeds : 3),
        arm("sinai", p).seeds(p.walk_seeds),
        arm("paths", p).seeds(1),
        arm("enumeration", p).seeds(p.full ? p.walk_seeds : 3),
        arm("ghost-gradient", p).seeds(p.full ? p.walk_seeds : 1),
        arm("control-flat", p).seeds(1),
        arm("control-white", p).seeds(p.walk_seeds),
        arm("control-drift", p).seeds(1),
        arm("control-alpha-2", p).seeds(p.walk_seeds),
        arm("control-short", p).seeds(p.gap_seeds),
        arm("control-ghost-is-batch", p).seeds(p.gap_seeds),
    };
    for (const char* name : {"sb", "lb", "lb-lr", "lb-lr-gbn"}) {
      arms.push_back(arm(name, p).seeds(p.gap_seeds));
    }
    if (!p.full) {
      return arms;
    }
    arms.push_back(arm("direct", p).seeds(p.walk_seeds));
    arms.push_back(arm("walk", p).grid("alpha", exponents()).seeds(p.walk_seeds));
    arms.push_back(arm("barrier", p).seeds(p.walk_seeds));
    arms.push_back(arm("covariance", p).seeds(p.walk_seeds));
    for (const char* name :
         {"lb-lr-ra", "lb-lr-ra-gbn", "lb-ra-gbn", "sb-60", "lb-lr-60", "lb-lr-gbn-60"}) {
      arms.push_back(arm(name, p).seeds(p.gap_seeds));
    }
    for (const char* name : {"plain-sb", "plain-lb", "plain-lb-lr", "plain-lb-lr-ra"}) {
      arms.push_back(arm(name, p).seeds(p.stream_seeds));
    }
    const auto medium = static_cast<double>(4 * p.small_batch);
    const auto large = static_cast<double>(p.large_batch);
    arms.push_back(arm("stream", p)
                       .grid("batch", {static_cast<double>(p.small_batch), medium, large})
                       .seeds(p.stream_seeds));
    arms.push_back(arm("stream-unscaled", p).grid("batch", {medium, large}).seeds(p.stream_seeds));
    return arms;
  }

  /// Floating-point operations of a cell, roughly.
  static double cost(const Params& p, const Point& at) {
    const std::string& name = at.arm();
    const auto number = [](Index n) { return static_cast<double>(n); };
    const double weights = 74 * number(p.hidden) + number(p.hidden * p.hidden);
    if (name == "walk") {
      return 4e6 * number(p.landscapes);
    }
    if (name == "sinai") {
      return 2e6 * number(p.sinai_landscapes);
    }
    if (name == "barrier") {
      return 2e5 * number(p.valley_landscapes);
    }
    if (name == "direct") {
      return 1e5 * number(p.walkers);
    }
    if (name == "covariance") {
      return 5e3 * number(p.draws);
    }
    if (name == "stream" || name == "stream-unscaled") {
      return 6 * weights * at["batch"] * number(p.stream_steps);
    }
    if (name == "exact" || name == "enumeration" || name == "paths" || name == "ghost-gradient" ||
        name.find("control-") == 0) {
      return 1e7;
    }
    const Regime regime = regime_of(p, name);
    return 6 * weights * number(regime.epochs * p.num_train);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "exact") {
      run_exact(stream, out);
    } else if (name == "direct") {
      run_direct(p, stream, out);
    } else if (name == "walk") {
      run_walk(p, at["alpha"], stream, out);
    } else if (name == "sinai") {
      run_sinai(p, stream, out);
    } else if (name == "barrier") {
      run_barrier(p, stream, out);
    } else if (name == "paths") {
      run_paths(p, stream, out);
    } else if (name == "control-flat") {
      run_flat(out);
    } else if (name == "control-white") {
      run_white(p, stream, out);
    } else if (name == "control-drift") {
      run_drift(out);
    } else if (name == "control-alpha-2") {
      run_lines(p, stream, out);
    } else if (name == "enumeration") {
      run_enumeration(stream, out);
    } else if (name == "covariance") {
      run_covariance(p, stream, out);
    } else if (name == "ghost-gradient") {
      run_ghost_gradient(p, stream, out);
    } else if (name == "stream" || name == "stream-unscaled") {
      run_stream(p, static_cast<Index>(at["batch"]), name == "stream", stream, out);
    } else if (const Regime regime = regime_of(p, name); regime.normalize) {
      run_normalized(p, regime, stream, out);
    } else {
      run_plain(p, regime, stream, out);
    }
  }
};

} // namespace
} // namespace longer

study::Study train_longer() { return study::make_study<longer::TrainLonger>(); }

} // namespace gradus::examples
