// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/modular.hpp>
#include <gradus/data/split.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/metrics/collapse.hpp>
#include <gradus/metrics/trend.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/orthogonal_gradient.hpp>
#include <gradus/optim/transformed_gradient.hpp>
#include <gradus/study/record.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::numerical_stability {

using Net = nn::Mlp<float, nn::Relu, nn::OneHotInput>;

/// The pairs of one run, split at random.
struct Pairs {
  Matrix<float> train_x;
  Vector<Index> train_classes;
  Matrix<float> test_x;
  Vector<Index> test_classes;

  Pairs(const Params& p, const Stream& stream) {
    const auto table = data::modular_table<float>(data::modular_operation(p.operation), p.prime);
    const auto total = table.classes.size();
    const auto num_train =
        static_cast<Index>(std::floor(p.train_fraction * static_cast<double>(total)));
    const auto split = data::random_split(total, num_train, stream.child("split"));
    train_x = data::take_samples(table.x, std::span(split.train));
    test_x = data::take_samples(table.x, std::span(split.test));
    train_classes = table.classes(split.train);
    test_classes = table.classes(split.test);
  }
};

inline Net network(const Params& p) {
  return Net({.widths = {2 * p.prime, p.width, p.width, p.prime}, .biases = false}, {},
             {.positions = 2});
}

/// Calls body(loss) with softmax cross-entropy in the named format.
template <nn::SoftmaxSum sum, class Body>
void with_rounded(const std::string& precision, Body&& body) {
  if (precision == "bfloat16") {
    body(nn::RoundedSoftmaxCrossEntropy<Eigen::bfloat16, sum>{});
  } else if (precision == "half") {
    body(nn::RoundedSoftmaxCrossEntropy<Eigen::half, sum>{});
  } else if (precision == "float") {
    body(nn::RoundedSoftmaxCrossEntropy<float, sum>{});
  } else {
    body(nn::RoundedSoftmaxCrossEntropy<double, sum>{});
  }
}

/// Calls body(loss) with the loss that the parameters name.
template <class Body>
void with_loss(const Params& p, Body&& body) {
  const std::string& precision = p.loss_precision;
  if (p.loss == "stablemax") {
    precision == "float" ? body(nn::StableMaxCrossEntropy<float>{})
                         : body(nn::StableMaxCrossEntropy<double>{});
  } else if (p.loss == "exact") {
    precision == "float" ? body(nn::ExactSoftmaxCrossEntropy<float>{})
                         : body(nn::ExactSoftmaxCrossEntropy<double>{});
  } else if (p.softmax_sum == "once") {
    with_rounded<nn::SoftmaxSum::once>(precision, body);
  } else {
    with_rounded<nn::SoftmaxSum::sequential>(precision, body);
  }
}

/// What is done to a gradient before AdamW sees it.
struct PreparedGradient {
  optim::OrthogonalGradient<float> orthogonal; ///< applied if asked for
  bool is_orthogonal = false;
  float scale = 1;

  void validate() const { orthogonal.validate(); }
  void operator()(ConstVectorRef<float> theta, ConstVectorRef<float> gradient,
                  VectorRef<float> out) const {
    if (is_orthogonal) {
      orthogonal(theta, gradient, out);
    } else {
      out = gradient;
    }
    out *= scale;
  }
};

/// AdamW, its gradient made orthogonal to each weight matrix if asked for.
inline auto update_rule(const Params& p, const Net& net) {
  return optim::TransformedGradient{
      optim::AdamW<float>{.learning_rate = static_cast<float>(p.learning_rate),
                          .beta2 = static_cast<float>(p.beta2),
                          .epsilon = static_cast<float>(p.epsilon),
                          .weight_decay = static_cast<float>(p.weight_decay)},
      PreparedGradient{.orthogonal = {.blocks = net.weight_blocks()},
                       .is_orthogonal = p.orthogonal,
                       .scale = static_cast<float>(p.gradient_scale)}};
}

/// What is looked at along a run.
class Trace {
public:
  Trace(const Net& net, const Pairs& pairs) : net_(net), pairs_(pairs) {}

  template <class Risk>
  void look(const Risk& risk, const optim::Progress<float>& now) {
    epochs_.push_back(static_cast<double>(now.step));
    loss_.push_back(static_cast<double>(now.loss));
    const auto outputs = risk.latest_outputs();
    train_.push_back(metrics::class_accuracy(outputs, pairs_.train_classes));
    test_.push_back(metrics::class_accuracy(net_.forward(now.theta, pairs_.test_x, workspace_),
                                            pairs_.test_classes));
    zero_.push_back(metrics::zero_loss_fraction(risk.latest_losses()));
    zero_label_.push_back(metrics::zero_label_gradient_fraction(risk.latest_output_gradients(),
                                                                pairs_.train_classes));
    // After a complete collapse of the loss to 0 there is no gradient and no angle.
    cosine_.push_back(now.gradient.isZero(0.0F) ? 0.0
                                                : metrics::nlm_cosine(now.theta, now.gradient));
    norm_.push_back(static_cast<double>(now.theta.norm()));
    logit_.push_back(static_cast<double>(outputs.cwiseAbs().maxCoeff()));
  }

  void write(Record& out) const {
    const auto collapse = metrics::first_at_least(epochs_, zero_, 0.5);
    const auto fit = metrics::first_at_least(epochs_, train_, 0.999);
    const auto grok = metrics::first_at_least(epochs_, test_, 0.9);
    out.time("fit_epoch", fit);
    out.time("grok_epoch", grok);
    out.time("collapse_epoch", collapse);
    out.number("final_train", train_.back());
    out.number("final_test", test_.back());
    out.number("max_test", *std::max_element(test_.begin(), test_.end()));
    out.number("test_at_fit", fit ? test_at(*fit) : 1.0);
    out.number("test_at_collapse", collapse ? test_at(*collapse) : test_.back());
    out.number("max_zero_loss", *std::max_element(zero_.begin(), zero_.end()));
    double late_zero = 1;
    double best_cosine = -1;
    for (std::size_t i = 0; i < epochs_.size(); ++i) {
      late_zero = epochs_[i] > 500 ? std::min(late_zero, zero_[i]) : late_zero;
      const bool before = !collapse || epochs_[i] < *collapse;
      best_cosine = before ? std::max(best_cosine, cosine_[i]) : best_cosine;
    }
    out.number("late_zero_loss", late_zero);
    out.number("start_cosine", cosine_.front());
    out.number("best_cosine", best_cosine);
    const auto last = static_cast<std::ptrdiff_t>(std::min<std::size_t>(20, cosine_.size()));
    out.number("late_cosine", median_of({cosine_.end() - last, cosine_.end()}).value);
    out.number("max_logit", logit_.back());
    const auto series = [&](const char* name, const std::vector<double>& values) {
      out.series(name, {"epoch", epochs_}, values);
    };
    series("loss", loss_);
    series("train_accuracy", train_);
    series("test_accuracy", test_);
    series("zero_loss", zero_);
    series("zero_label_gradient", zero_label_);
    series("cosine", cosine_);
    series("weight_norm", norm_);
    series("max_logit_at", logit_);
  }

private:
  [[nodiscard]] double test_at(double epoch) const {
    const auto place = std::find(epochs_.begin(), epochs_.end(), epoch) - epochs_.begin();
    return test_[static_cast<std::size_t>(place)];
  }

  const Net& net_;
  const Pairs& pairs_;
  Net::Workspace workspace_;
  std::vector<double> epochs_, loss_, train_, test_, zero_, zero_label_, cosine_, norm_, logit_;
};

/// One cell of an arm that trains.
inline void run_training(const Params& p, const Stream& stream, Record& out) {
  const Pairs pairs(p, stream);
  const Net net = network(p);
  Vector<float> theta = net.initial_parameters(nn::FanInUniform{}, stream);
  with_loss(p, [&](const auto& loss) {
    objective::EmpiricalRisk risk(net, loss, pairs.train_x, pairs.train_classes);
    Trace trace(net, pairs);
    const auto end =
        optim::descend(risk, theta, update_rule(p, net), {.steps = p.epochs},
                       optim::every(p.log_every, [&](const auto& now) { trace.look(risk, now); }));
    if (end.status == optim::Status::diverged) {
      out.diverged(static_cast<double>(end.steps), end.diverged);
      return;
    }
    trace.write(out);
  });
}

/// The cell of the scaling experiment: a network after some epochs of cross-entropy, its weights
/// then only multiplied; and the products of gradient and weights, layer by layer.
inline void run_scaling(const Params& p, const Stream& stream, Record& out) {
  const Pairs pairs(p, stream);
  const Net net = network(p);
  Vector<float> theta = net.initial_parameters(nn::FanInUniform{}, stream);
  objective::EmpiricalRisk risk(net, nn::RoundedSoftmaxCrossEntropy<float>{}, pairs.train_x,
                                pairs.train_classes);
  static_cast<void>(optim::descend(risk, theta, update_rule(p, net), {.steps = p.scaling_epochs}));

  Vector<float> gradient(theta.size());
  risk.value_and_gradient(theta, gradient);
  const auto blocks = net.weight_blocks();
  const auto products = metrics::block_products(theta, gradient, blocks);
  const Summary spread = mean_of(products);
  out.number("euler_spread", (spread.high - spread.low) / std::abs(spread.value));

  Net::Workspace workspace;
  const auto predictions = [&](const Vector<float>& at) {
    std::vector<Index> classes;
    for (const Matrix<float>* x : {&pairs.train_x, &pairs.test_x}) {
      const auto z = net.forward(at, *x, workspace);
      for (Index i = 0; i < z.cols(); ++i) {
        classes.push_back(0);
        z.col(i).maxCoeff(&classes.back());
      }
    }
    return classes;
  };
  const auto before = predictions(theta);
  std::vector<double> factors, zero, loss;
  Vector<float> scaled = theta;
  for (int step = 0; step <= 60; ++step) {
    const double factor = std::pow(1.02, step);
    scaled = theta * static_cast<float>(factor);
    factors.push_back(factor);
    loss.push_back(static_cast<double>(risk.value(scaled)));
    zero.push_back(metrics::zero_loss_fraction(risk.latest_losses()));
  }
  const auto after = predictions(scaled);
  double changed = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    changed += before[i] != after[i] ? 1 : 0;
  }
  out.number("changed", changed);
  out.number("zero_loss", zero.back());
  out.series("loss", {"factor", factors}, loss);
  out.series("zero_loss_at", {"factor", factors}, zero);
}

/// Smallest m for which the loss of outputs (m, 0, ..., 0), class 0, is exactly 0 in a format.
template <class Format>
double absorption_margin(Index num_classes) {
  const nn::RoundedSoftmaxCrossEntropy<Format, nn::SoftmaxSum::sequential> loss;
  const Vector<Index> classes = Vector<Index>::Zero(1);
  Matrix<double> z = Matrix<double>::Zero(num_classes, 1);
  Vector<double> value(1);
  double low = 0;
  double high = 100;
  for (int k = 0; k < 60; ++k) {
    z(0, 0) = (low + high) / 2;
    loss.values(z, classes, value);
    (value(0) == 0 ? high : low) = z(0, 0);
  }
  return high;
}

/// log(1 / u), u half the spacing of numbers at 1, of the four formats in the order of the ladder.
inline std::vector<double> log_inverse_rounding() {
  std::vector<double> logs;
  for (const int bits : {8, 11, 24, 53}) {
    logs.push_back(bits * std::log(2.0));
  }
  return logs;
}

/// The cell of the absorption margins.
inline void run_absorption(const Params& p, Record& out) {
  const std::vector<double> margins{
      absorption_margin<Eigen::bfloat16>(p.prime), absorption_margin<Eigen::half>(p.prime),
      absorption_margin<float>(p.prime), absorption_margin<double>(p.prime)};
  const auto law = log_inverse_rounding();
  double worst = 0;
  for (std::size_t i = 0; i < margins.size(); ++i) {
    worst = std::max(worst, std::abs(margins[i] - law[i]));
  }
  out.number("error", worst);
  out.series("margin", {"log(1/u)", law}, margins);
}

} // namespace gradus::examples::numerical_stability
