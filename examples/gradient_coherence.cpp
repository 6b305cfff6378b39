// SPDX-License-Identifier: BSD-3-Clause
//
// On the Generalization Mystery in Deep Learning
// Chatterjee, Zielinski 2022 (arXiv 2203.10036)
//
// Gradient descent generalises where the gradients of different examples agree. The agreement, the
// m-coherence, is high for structured labels and about 1 for random ones when fitting starts, falls
// with label noise, and says what share of a step carries over to unseen data. Gradients that
// ignore what only few examples ask for stop memorisation.
//
// The parts, each compiled by itself: toy.cpp (linear models, medians), gap.cpp (the bound),
// noise.cpp (label noise on digits), easy.cpp (what is learned early), robust.cpp (winsorising),
// step.cpp (identities, single steps), clusters.cpp (closed forms); claims*.cpp, figures.cpp.

#include <string>

#include "gradient_coherence/experiments.hpp"
#include "gradient_coherence/judged.hpp"
#include "gradient_coherence/metrics.hpp"
#include "gradient_coherence/setting.hpp"
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace agreement {
namespace {

struct GradientCoherence {
  static constexpr Card card{
      .id = "gradient-coherence",
      .title = "Generalisation from the agreement of per-example gradients",
      .paper = "Chatterjee, Zielinski: On the Generalization Mystery in Deep Learning, 2022, "
               "arXiv 2203.10036",
      .line = "gradients of different examples agree for structured labels, not for random ones, "
              "and what few of them ask for is what is memorised",
      .revision = 1};

  using Params = agreement::Params;
  static Params preset(Preset which) { return agreement::preset(which); }
  static void validate(const Params& params) { agreement::validate(params); }
  static Plan<Params> plan(const Params& p) { return agreement::plan(p); }
  static double cost(const Params& p, const Point& at) { return agreement::cost(p, at); }
  static std::vector<Metric> metrics() { return metric_list(); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    agreement::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    agreement::draw(p, r, figures);
  }

  /// One cell.
  static void run(const Params& p, const Point& at, const Stream& stream, Record& out) {
    const std::string& name = at.arm();
    if (name == "toy") {
      run_toy(stream, out);
    } else if (name == "toy-noisy") {
      run_toy_noisy(p, stream, out);
    } else if (name == "medians") {
      run_toy_medians(p, stream, out);
    } else if (name == "identity") {
      run_identities(p, stream, out);
    } else if (name == "gap") {
      run_gap(p, stream, out);
    } else if (name == "noise") {
      run_noise(p, stream, out);
    } else if (name == "size") {
      run_size(p, stream, out);
    } else if (name == "redraws") {
      run_redraws(p, stream, out);
    } else if (name == "easy") {
      run_easy(p, stream, out);
    } else if (name == "pixels" || name == "control-random-pixels") {
      run_pixels(p, stream, out);
    } else if (name == "steps") {
      run_steps_of_network(p, stream, out);
    } else if (name == "bias") {
      run_sample_bias(p, stream, out);
    } else if (name == "forms") {
      run_cluster_forms(p, stream, out);
    } else if (name == "softmax") {
      run_softmax_form(p, stream, out);
    } else if (name == "random-law") {
      run_random_law(p, stream, out);
    } else if (name == "one-step") {
      run_one_step(p, stream, out);
    } else if (name == "rm3") {
      run_robust(p, Aggregator::last_three_median, 2, stream, out);
    } else if (name == "control-ra3") {
      run_robust(p, Aggregator::last_three_mean, 2, stream, out);
    } else if (name == "m3") {
      run_robust(p, Aggregator::median_of_thirds, 3, stream, out);
    } else {
      run_robust(p, Aggregator::winsorised, 30, stream, out);
    }
  }
};

} // namespace
} // namespace agreement

study::Study gradient_coherence() { return study::make_study<agreement::GradientCoherence>(); }

} // namespace gradus::examples
