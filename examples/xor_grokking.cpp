// SPDX-License-Identifier: BSD-3-Clause
//
// Benign overfitting and grokking in ReLU networks on XOR cluster data
// Xu, Wang, Frei, Vardi, Hu 2023 (arXiv 2310.02541, ICLR 2024)
//
// One gradient step fits every training label, flipped ones too, with a rule that is linear and
// right on half of the test points; some steps later the net is near-perfect on the test set and
// still fits the noise.

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xor_grokking/claims.hpp"
#include "xor_grokking/figures.hpp"
#include "xor_grokking/setting.hpp"
#include "xor_grokking/trace.hpp"
#include <gradus/data/xor_clusters.hpp>
#include <gradus/data/xor_gram.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace xor_clusters {
namespace {

/// ReLU, or the identity: the leaky ReLU of slope 0 or 1.
nn::LeakyRelu activation(const Params& p) { return {.slope = p.activation == "relu" ? 0.0 : 1.0}; }

template <class T>
using SecondLayer = nn::FrozenSecondLayer<T, nn::LeakyRelu>;

template <class T>
SecondLayer<T> second_layer(const Params& p) {
  return SecondLayer<T>(nn::balanced_signs<T>(p.width), activation(p));
}

template <class T>
optim::Sgd<T> gradient_descent(const Params& p) {
  return {.learning_rate = static_cast<T>(p.learning_rate())};
}

template <class T>
void write_status(const optim::DescendResult<T>& end, Record& out) {
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
  }
}

/// Full-batch gradient descent on inner products: a step costs m n^2, whatever p is.
template <class T>
void train_on_gram(const Params& p, const data::FeatureGram& drawn,
                   const data::ClusterSamples& samples, Trace& trace, Record& out) {
  const Index n = p.num_samples;
  const Index num_test = p.num_test;
  const auto top = second_layer<T>(p);
  const Matrix<T> gram = drawn.gram.cast<T>();
  const Matrix<T> initial = drawn.initial.cast<T>();
  objective::SpanRisk risk(top, nn::Logistic{}, gram.leftCols(n), initial.leftCols(n),
                           samples.labels.head(n).cast<T>());
  Vector<T> theta = risk.initial();
  Matrix<T> a(p.width, num_test), slope(p.width, num_test), f(1, num_test), frozen_slope;
  if (p.gates == "frozen") {
    risk.freeze_slopes(theta);
    top.forward(initial.rightCols(num_test), a, slope, f);
    frozen_slope = slope;
  }
  const Vector<T> w0_norms =
      Vector<double>::Constant(p.width, drawn.initial_norm_squared).cast<T>();
  const auto look = [&](const optim::Progress<T>& now) {
    if (trace.is_due(now.step)) {
      const auto z =
          risk.pre_activations_at(theta, initial.rightCols(num_test), gram.rightCols(num_test));
      if (p.gates == "frozen") {
        f.noalias() = top.weights() * frozen_slope.cwiseProduct(z);
      } else {
        top.forward(z, a, slope, f);
      }
      const Vector<T> linear = T(0.5) * (z.transpose() * top.weights().row(0).transpose());
      trace.outputs(now.step, risk.latest_outputs().row(0).transpose().template cast<double>(),
                    f.row(0).transpose().template cast<double>(), linear.template cast<double>());
    }
    if (trace.features_due(now.step)) {
      const Matrix<double> along =
          static_cast<double>(risk.initial_share(theta)) * drawn.initial_signal +
          risk.coefficients(theta).template cast<double>() * drawn.signal.leftCols(n).transpose();
      trace.features(now.step, along,
                     risk.weight_norms_squared(theta, w0_norms).template cast<double>());
    }
  };
  write_status(optim::descend(risk, theta, gradient_descent<T>(p), {.steps = p.num_steps}, look),
               out);
}

/// The same on the data and weights themselves: a step costs m n p.
void train_directly(const Params& p, const data::ClusterSamples& samples, const Stream& stream,
                    Trace& trace, Record& out) {
  const Index n = p.num_samples;
  const Matrix<double> x = data::draw_inputs<double>(p.setting(), samples, stream);
  const nn::TwoLayer<double, nn::LeakyRelu> net(p.dim, second_layer<double>(p));
  Vector<double> theta = net.initial_parameters(nn::Gaussian{.scale = p.omega()}, stream);
  objective::EmpiricalRisk risk(net, nn::Logistic{}, x.leftCols(n), samples.labels.head(n));
  decltype(net)::Workspace test;
  const auto look = [&](const optim::Progress<double>& now) {
    const auto w = net.weights(theta);
    if (trace.is_due(now.step)) {
      const auto f = net.forward(theta, x.rightCols(p.num_test), test);
      const auto z = test.z.matrix(p.width, p.num_test);
      trace.outputs(now.step, risk.latest_outputs().row(0).transpose(), f.row(0).transpose(),
                    0.5 * (z.transpose() * net.second_layer().weights().row(0).transpose()));
    }
    if (trace.features_due(now.step)) {
      trace.features(now.step, w.leftCols(2), w.rowwise().squaredNorm());
    }
  };
  write_status(
      optim::descend(risk, theta, gradient_descent<double>(p), {.steps = p.num_steps}, look), out);
}

/// Largest difference of the two engines' outputs along a run on the same data, relative.
double engine_difference(const Params& p, const data::ClusterSamples& samples,
                         const Stream& stream) {
  const Index n = p.num_samples;
  const Matrix<double> x = data::draw_inputs<double>(p.setting(), samples, stream).leftCols(n);
  const nn::TwoLayer<double, nn::LeakyRelu> net(p.dim, second_layer<double>(p));
  const Vector<double> w0 = net.initial_parameters(nn::Gaussian{.scale = p.omega()}, stream);
  const data::FeatureGram gram = data::gram_of(x, n, net.weights(w0));
  objective::EmpiricalRisk direct(net, nn::Logistic{}, x, samples.labels.head(n));
  objective::SpanRisk span(net.second_layer(), nn::Logistic{}, gram.gram, gram.initial,
                           samples.labels.head(n));
  const auto rule = gradient_descent<double>(p);
  Vector<double> theta = w0;
  Vector<double> coefficients = span.initial();
  optim::Descent on_data(direct, rule, theta);
  optim::Descent on_gram(span, rule, coefficients);
  double worst = 0;
  for (Index step = 0; step <= p.num_steps; ++step) {
    on_data.evaluate();
    on_gram.evaluate();
    const auto f = direct.latest_outputs();
    worst = std::max(worst,
                     (f - span.latest_outputs()).cwiseAbs().maxCoeff() / f.cwiseAbs().maxCoeff());
    on_data.update();
    on_gram.update();
  }
  return worst;
}

struct XorGrokking {
  static constexpr Card card{
      .id = "xor-grokking",
      .title = "Benign overfitting and grokking on XOR clusters",
      .paper = "Xu, Wang, Frei, Vardi, Hu: Benign Overfitting and Grokking in ReLU Networks for "
               "XOR Cluster Data, 2023, arXiv 2310.02541",
      .line = "one step fits all labels with a linear rule at chance on the test set; a few steps "
              "later the net classifies it almost perfectly, flipped labels still fitted",
      .revision = 1};

  using Params = xor_clusters::Params;
  static Params preset(Preset which) { return xor_clusters::preset(which); }
  static void validate(const Params& params) { xor_clusters::validate(params); }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    xor_clusters::judge(p, r, claims);
  }
  static void draw(const Params& p, const Results& r, Figures& figures) {
    xor_clusters::draw(p, r, figures);
  }

  /// What the recorded numbers mean.
  static std::vector<Metric> metrics() {
    return {{"end_test_accuracy", "test accuracy after the last step", "", "n |mu|^4 / p = 300"},
            {"t_fit", "first step at which every training label is fitted", "steps"},
            {"t_grok", "first step with a test accuracy of 0.95", "steps", "n |mu|^4 / p = 300"},
            {"algebra.difference", "largest relative difference of the two engines' outputs"}};
  }

  /// Theory: whether the net generalises is a question of n |mu|^4 / p alone. It leaves the
  /// constant open; 300 is where the arm `snr-middle` lies halfway between chance and perfect.
  static double boundary(const Params& p, const Point& at, std::string_view number) {
    const bool told = number == "end_test_accuracy" || number == "t_grok";
    if (!told || p.activation != "relu" || p.gates != "trained" || p.labels != "xor") {
      return std::nan("");
    }
    const bool swept = at.arm().starts_with("snr");
    const double norm = swept ? p.norm_for_snr(at["snr"]) : p.mean_norm_squared;
    return std::log(p.n() * norm * norm / p.p() / 300.0);
  }

  /// The main run, the delayed runs, the controls, the sweep.
  static Plan<Params> plan(const Params& p) {
    Params small = p;
    small.width = p.small_width;
    small.engine = "gram";
    Params delayed = small;
    delayed.step = p.delayed_step;
    Params sweep = small;
    sweep.num_samples = std::min<Index>(p.num_samples, 200);
    sweep.num_steps = std::min<Index>(p.num_steps, 30);
    Params tiny = p;
    tiny.num_samples = 40;
    tiny.dim = 600;
    tiny.mean_norm_squared = 30;
    tiny.width = 30;
    tiny.num_steps = 15;
    tiny.num_test = 20;
    const auto cell = [&](const char* name) { return arm(name, small).seeds(p.control_seeds); };

    Plan<Params> plan{
        arm("main", p).seeds(p.seeds),
        arm("delayed-10", delayed)
            .with(&Params::init, 10.0)
            .with(&Params::num_steps, 150)
            .seeds(p.delayed_seeds),
        arm("delayed-30", delayed)
            .with(&Params::init, 30.0)
            .with(&Params::num_steps, 200)
            .seeds(p.delayed_seeds),
        cell("control-linear-activation").with(&Params::activation, "identity"),
        cell("control-frozen-gates").with(&Params::gates, "frozen"),
        cell("control-snr").with(&Params::mean_norm_squared, p.norm_for_snr(11.52)),
        cell("control-low-dim")
            .with(&Params::dim, std::max(p.mean_norm_squared * 1.6,
                                         static_cast<double>(p.num_samples + p.num_test + 2)))
            .with(&Params::num_steps, 10),
        cell("control-linear-labels").with(&Params::labels, "linear"),
        cell("variant-no-noise").with(&Params::label_noise, 0.0),
        arm("algebra", tiny).seeds(1)};
    if (p.sweep_seeds > 0) {
      const auto point = [&](const char* name) {
        return arm(name, sweep).grid("dim", {1e4, 1e5, 1e6});
      };
      plan.push_back(point("snr").grid("snr", {1, 10, 30, 1000, 3000}).seeds(p.sweep_seeds));
      // Where the end accuracy varies most from seed to seed, and the lines are compared.
      plan.push_back(point("snr-middle").grid("snr", {100, 300}).seeds(4 * p.sweep_seeds));
    }
    return plan;
  }

  /// Floating-point operations of a cell.
  static double cost(const Params& p, const Point& at) {
    const double n = p.n();
    const double test = at.arm().starts_with("snr") ? 0 : static_cast<double>(p.num_test);
    const double inner = p.engine == "gram" ? n : p.p();
    return 2 * static_cast<double>(p.width) * (n + test) * inner * static_cast<double>(p.num_steps);
  }

  /// One cell: one arm, one seed.
  static void run(const Params& base, const Point& at, const Stream& stream, Record& out) {
    Params p = base;
    // Arms share their draws, so that a control differs in its one change only; the points of the
    // sweep are independent, so that their agreement over p means something.
    Stream draws = stream;
    if (at.arm().starts_with("snr")) {
      p.mean_norm_squared = p.norm_for_snr(at["snr"]);
      draws = stream.child(at.arm(), static_cast<std::uint64_t>(at.index()));
    }
    const auto setting = p.setting();
    const auto samples = data::join(
        data::draw_clusters(setting, p.num_samples, draws.child("train")),
        data::draw_clusters(setting, p.num_test, draws.child("test"), data::ClusterCounts::equal));
    if (at.arm() == "algebra") {
      out.number("difference", engine_difference(p, samples, draws));
      return;
    }
    Trace trace(p, at, samples);
    if (p.engine == "direct") {
      train_directly(p, samples, draws, trace, out);
    } else {
      const auto gram =
          data::draw_xor_gram(setting, samples, p.num_samples, p.width, p.omega(), draws);
      p.precision == "float" ? train_on_gram<float>(p, gram, samples, trace, out)
                             : train_on_gram<double>(p, gram, samples, trace, out);
    }
    trace.write(out);
  }
};

} // namespace
} // namespace xor_clusters

study::Study xor_grokking() { return study::make_study<xor_clusters::XorGrokking>(); }

} // namespace gradus::examples
