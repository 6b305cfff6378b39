// SPDX-License-Identifier: BSD-3-Clause
// Linear models on samples with one common and one private feature each.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include <gradus/curvature/coherence.hpp>
#include <gradus/data/common_feature.hpp>
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/last_three.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/robust_gradient.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/theory/common_feature.hpp>

namespace gradus::examples::agreement {

namespace {

using ToyRisk = objective::EmpiricalRisk<nn::Mlp<double>, nn::Square>;

constexpr double toy_rate = 0.1;

/// A model w.x on the samples; they must outlive it.
ToyRisk linear_risk(const data::LabelledSamples<double>& set) {
  return {nn::Mlp<double>({.widths = {set.x.rows(), 1}, .biases = false}),
          {},
          set.x,
          Matrix<double>(set.labels.transpose())};
}

/// Steps at which a curve of `steps` steps is kept.
bool is_kept(Index step) {
  return step <= 50 || (step <= 400 && step % 10 == 0) || step % 100 == 0;
}

} // namespace

void run_toy(const Stream& stream, Record& out) {
  constexpr Index n = 20;
  const theory::CommonFeatureDescent law{.num_samples = n, .rate = toy_rate};
  for (const bool real : {true, false}) {
    const std::string prefix = real ? "real_" : "random_";
    const auto set = data::draw_common_feature<double>(
        {.num_samples = n, .common = real ? 1.0 : 0.0}, stream.child("toy"));
    ToyRisk risk = linear_risk(set);
    Vector<double> theta = Vector<double>::Zero(n + 1);
    Vector<double> norms(n);
    double path_error = 0;
    double least = 1e300;
    double most = 0;
    std::vector<double> steps, losses, laws, coherence;
    const auto end = optim::descend(
        risk, theta, optim::Sgd<double>{toy_rate}, {.steps = 2000}, [&](const auto& now) {
          const auto t = static_cast<double>(now.step);
          const double residual = real ? law.clean_residual(t) : law.private_residual(t);
          path_error = std::max({path_error, std::abs(now.loss - residual * residual / 2),
                                 std::abs(now.theta(0) - (real ? law.common_weight(t) : 0.0))});
          risk.per_example_squared_norms(now.theta, norms);
          const double m_coherence =
              curvature::coherence(norms, now.gradient.squaredNorm()).m_coherence;
          if (now.loss > 1e-20) {
            least = std::min(least, m_coherence);
            most = std::max(most, m_coherence);
          }
          if (is_kept(now.step)) {
            steps.push_back(t);
            losses.push_back(now.loss);
            laws.push_back(residual * residual / 2);
          }
        });
    if (end.status == optim::Status::diverged) {
      out.diverged(static_cast<double>(end.steps), end.diverged);
    }
    out.number(prefix + "path_error", path_error);
    out.number(prefix + "least_coherence", least);
    out.number(prefix + "most_coherence", most);
    // A fresh sample has the common feature and a private one that no weight is about.
    const double miss = real ? 1 - theta(0) : 1.0;
    out.number(prefix + "test_loss", miss * miss / 2);
    out.series(prefix + "loss", {"step", steps}, losses);
    out.series(prefix + "law", {"step", steps}, laws);

    // The coordinate-wise median, and winsorising of one in ten, over all examples at every step.
    for (const double share : {0.5, 0.1}) {
      optim::WinsorisedGradient robust(risk, share);
      theta.setZero();
      const auto last =
          optim::descend(robust, theta, optim::Sgd<double>{toy_rate}, {.steps = 2000});
      out.number(prefix + (share > 0.4 ? "median_loss" : "winsorised_loss"), last.loss);
    }
  }
}

void run_toy_noisy(const Params& p, const Stream& stream, Record& out) {
  constexpr Index n = 20;
  const auto flipped = static_cast<Index>(std::lround(p.flipped_share * n));
  const double share = static_cast<double>(flipped) / n;
  const theory::CommonFeatureDescent law{
      .num_samples = n, .flipped_share = share, .rate = toy_rate};
  const auto set = data::draw_common_feature<double>(
      {.num_samples = n, .random_signs = false, .num_flipped = flipped}, stream);
  ToyRisk risk = linear_risk(set);
  Vector<double> theta = Vector<double>::Zero(n + 1);
  double path_error = 0;
  double most = 0;
  double clean_time = -1;
  double flipped_time = -1;
  std::vector<double> steps, clean, wrong, clean_law, wrong_law;
  const auto end = optim::descend(
      risk, theta, optim::Sgd<double>{toy_rate}, {.steps = 4000}, [&](const auto& now) {
        const auto t = static_cast<double>(now.step);
        const auto losses = risk.latest_losses();
        const double c = losses(n - 1);
        const double w = losses(0);
        path_error =
            std::max({path_error, std::abs(std::sqrt(2 * c) - std::abs(law.clean_residual(t))),
                      std::abs(std::sqrt(2 * w) - std::abs(law.flipped_residual(t)))});
        most = std::max(most, w);
        clean_time = clean_time < 0 && c < 0.05 ? t : clean_time;
        flipped_time = flipped_time < 0 && w < 0.05 ? t : flipped_time;
        if (is_kept(now.step)) {
          steps.push_back(t);
          clean.push_back(c);
          wrong.push_back(w);
          clean_law.push_back(law.clean_residual(t) * law.clean_residual(t) / 2);
          wrong_law.push_back(law.flipped_residual(t) * law.flipped_residual(t) / 2);
        }
      });
  if (end.status == optim::Status::diverged) {
    out.diverged(static_cast<double>(end.steps), end.diverged);
  }
  out.number("path_error", path_error);
  out.number("rise", most / 0.5);
  out.number("clean_time", clean_time);
  out.number("flipped_time", flipped_time);
  out.series("clean", {"step", steps}, clean);
  out.series("flipped", {"step", steps}, wrong);
  out.series("clean_law", {"step", steps}, clean_law);
  out.series("flipped_law", {"step", steps}, wrong_law);
}

namespace {

/// What a run on flipped labels left.
struct Memorised {
  double corrupt = 0;  ///< share of the flipped labels that are fitted
  double pristine = 0; ///< share of the others
  double largest = 0;  ///< largest private weight
  double common = 0;   ///< common weight
};

Memorised look_at(const data::LabelledSamples<double>& set, const Vector<double>& theta,
                  Index flipped) {
  const Index n = set.x.cols();
  const Vector<double> margins = (set.x.transpose() * theta).cwiseProduct(set.labels);
  Memorised result;
  result.corrupt = static_cast<double>((margins.head(flipped).array() > 0).count()) /
                   static_cast<double>(flipped);
  result.pristine = static_cast<double>((margins.tail(n - flipped).array() > 0).count()) /
                    static_cast<double>(n - flipped);
  result.largest = theta.tail(n).cwiseAbs().maxCoeff();
  result.common = theta(0);
  return result;
}

void record(Record& out, const std::string& name, const Memorised& what) {
  out.number(name + "_corrupt", what.corrupt);
  out.number(name + "_pristine", what.pristine);
  out.number(name + "_largest", what.largest);
  out.number(name + "_common", what.common);
}

} // namespace

void run_toy_medians(const Params& p, const Stream& stream, Record& out) {
  constexpr Index n = 60;
  constexpr Index batch = 12;
  constexpr Index flipped = 12;
  const auto set = data::draw_common_feature<double>(
      {.num_samples = n, .random_signs = false, .num_flipped = flipped}, stream);
  ToyRisk risk = linear_risk(set);
  const optim::Sgd<double> sgd{toy_rate};
  const optim::DescendOptions<double> options{.steps = p.median_epochs * (n / batch)};
  const auto run = [&](const std::string& name, auto& objective, const auto& rule) {
    optim::Minibatches batches(n, batch, stream.child("batches"));
    Vector<double> theta = Vector<double>::Zero(n + 1);
    const auto end = optim::descend(objective, theta, rule, batches, options);
    if (end.status == optim::Status::diverged) {
      out.diverged(static_cast<double>(end.steps), name + " " + end.diverged);
    }
    record(out, name, look_at(set, theta, flipped));
  };
  optim::MedianOfThirds thirds(risk);
  using Three = optim::LastThree<optim::Sgd<double>>;
  run("sgd", risk, sgd);
  run("m3", thirds, sgd);
  run("rm3", risk, Three{sgd, optim::Combine::median});
  run("ra3", risk, Three{sgd, optim::Combine::mean});

  // RM3 on batches that are cut once and come in the same order: no example ever meets itself.
  Stream draws = stream.child("batches");
  const std::vector<Index> order = random_permutation(draws, n);
  Vector<double> theta = Vector<double>::Zero(n + 1);
  optim::Descent fixed(risk, Three{sgd, optim::Combine::median}, theta);
  for (Index t = 0; t < options.steps; ++t) {
    const auto start = static_cast<std::size_t>(t % (n / batch) * batch);
    fixed.evaluate(std::span(order).subspan(start, batch));
    fixed.update();
  }
  record(out, "rm3_fixed", look_at(set, theta, flipped));
}

} // namespace gradus::examples::agreement
