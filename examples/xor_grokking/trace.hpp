// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "setting.hpp"
#include <gradus/data/xor_clusters.hpp>
#include <gradus/metrics/classification.hpp>
#include <gradus/metrics/features.hpp>
#include <gradus/nn/second_layer.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>
#include <gradus/theory/xor_clusters.hpp>

namespace gradus::examples::xor_clusters {

using namespace gradus::study;

/// Looks at the net after each step and writes down what the claims and figures need.
class Trace {
public:
  Trace(const Params& p, const Point& at, const data::ClusterSamples& samples)
      : p_(p), samples_(samples), main_(at.arm() == "main"), end_only_(at.arm().starts_with("snr")),
        signs_(nn::balanced_signs<double>(p.width).transpose()) {}

  /// Every step at first, every fifth later on: a look at the test set costs half a step.
  [[nodiscard]] bool is_due(Index step) const {
    return step == p_.num_steps || (!end_only_ && (step <= 40 || step % 5 == 0));
  }
  [[nodiscard]] bool features_due(Index step) const {
    return !end_only_ && (step <= 3 || step % 5 == 0 || step == p_.num_steps);
  }

  /// @param f, f_test  outputs (n), (T)   @param linear_test  the net's linear part on the test
  /// set, 1/2 sum_j a_j <w_j, x> (T)
  void outputs(Index step, ConstVectorRef<double> f, ConstVectorRef<double> f_test,
               ConstVectorRef<double> linear_test) {
    const Index n = p_.num_samples;
    const auto train = samples_.labels.head(n);
    const auto clean = samples_.clean_labels.tail(p_.num_test);
    const auto flipped = [&](Index i) { return samples_.is_flipped(i); };
    steps_.push_back(static_cast<double>(step));
    train_.push_back(metrics::binary_accuracy(f, train));
    flipped_.push_back(metrics::group_accuracy(f, train, flipped));
    test_.push_back(metrics::binary_accuracy(f_test, clean));
    noisy_test_.push_back(metrics::binary_accuracy(f_test, samples_.labels.tail(p_.num_test)));
    linear_share_.push_back(metrics::explained_share(f_test, linear_test));
    if (step == 1) {
      for (int c = 0; c < 4; ++c) {
        cluster_.push_back(metrics::group_accuracy(f_test, clean, [&](Index i) {
          return samples_.cluster[static_cast<std::size_t>(n + i)] == c;
        }));
      }
    }
  }

  /// @param along  <w_j, mu_c> / |mu| (m, 2)   @param norms_squared  |w_j|^2 (m)
  void features(Index step, ConstMatrixRef<double> along, ConstVectorRef<double> norms_squared) {
    const auto alignment = metrics::alignment(along, norms_squared, signs_);
    feature_steps_.push_back(static_cast<double>(step));
    preference_.push_back(alignment.ratio());
    if (step == 1) {
      share_ = {metrics::positive_share(along, signs_, 0),
                metrics::positive_share(along, signs_, 1)};
    }
    const Index last = p_.num_steps;
    if (main_ && (step <= 2 || step == 5 || step == last)) {
      neuron_steps_.push_back(static_cast<double>(step));
      for (Index c = 0; c < 2; ++c) {
        const Vector<double> dots = along.col(c);
        neurons_.insert(neurons_.end(), dots.begin(), dots.end());
      }
    }
    if (main_ && (step <= 1 || step == last)) {
      decision(step, along);
    }
  }

  void write(Record& out) const {
    const auto first = [&](const std::vector<double>& values, double level) {
      const auto reached = [level](double x) { return x >= level; };
      const auto place = std::find_if(values.begin(), values.end(), reached);
      return place == values.end() ? std::optional<double>{}
                                   : steps_[static_cast<std::size_t>(place - values.begin())];
    };
    if (test_.empty()) { // diverged before the first look
      return;
    }
    out.number("end_test_accuracy", test_.back());
    if (end_only_) {
      return;
    }
    const Axis step{"step", steps_};
    out.time("t_fit", first(train_, 1.0));
    out.time("t_grok", first(test_, 0.95));
    out.series("train_accuracy", step, train_);
    out.series("test_accuracy", step, test_);
    out.series("noisy_test_accuracy", step, noisy_test_);
    out.series("linear_share", step, linear_share_);
    if (p_.label_noise > 0) {
      out.series("flipped_accuracy", step, flipped_);
    }
    out.series("preference", {"step", feature_steps_}, preference_);

    if (!share_.empty()) { // the first step was made
      const auto set = theory::imbalance(samples_, p_.num_samples);
      const auto law = theory::one_step_cluster_accuracy(set, p_.mean_norm_squared, p_.p());
      const Axis cluster{"cluster", {0, 1, 2, 3}};
      out.series("cluster_accuracy", cluster, cluster_);
      out.series("cluster_law", cluster, {law.begin(), law.end()});
      const Axis axis{"axis", {0, 1}};
      out.series("positive_share", axis, share_);
      out.series("positive_share_law", axis,
                 {theory::positive_neuron_share(set, 0, p_.mean_norm_squared, p_.p()),
                  theory::positive_neuron_share(set, 1, p_.mean_norm_squared, p_.p())});
    }
    if (main_) {
      const Axis neuron{"neuron", linspace(0, static_cast<double>(p_.width - 1), p_.width)};
      out.table("neurons", {{"step", neuron_steps_}, {"mean", {0, 1}}, neuron}, neurons_);
      const Axis u{"along mu_1", plane(), "|mu|"};
      const Axis v{"along mu_2", plane(), "|mu|"};
      out.table("decision", {{"step", decision_steps_}, v, u}, decision_);
    }
  }

private:
  static std::vector<double> plane() { return linspace(-1.6, 1.6, 49); }

  /// f on the plane of the means, in units of its largest absolute value there.
  void decision(Index step, ConstMatrixRef<double> along) {
    decision_steps_.push_back(static_cast<double>(step));
    const double norm = std::sqrt(p_.mean_norm_squared);
    std::vector<double> values;
    double largest = 0;
    for (const double v : plane()) {
      for (const double u : plane()) {
        const Vector<double> z = norm * (u * along.col(0) + v * along.col(1));
        const double f = p_.activation == "relu" ? z.cwiseMax(0.0).dot(signs_) : z.dot(signs_);
        values.push_back(f);
        largest = std::max(largest, std::abs(f));
      }
    }
    for (const double f : values) {
      decision_.push_back(largest > 0 ? f / largest : 0.0);
    }
  }

  const Params& p_;
  const data::ClusterSamples& samples_;
  bool main_;
  bool end_only_;
  Vector<double> signs_;
  std::vector<double> steps_, train_, flipped_, test_, noisy_test_, linear_share_, cluster_;
  std::vector<double> feature_steps_, preference_, share_;
  std::vector<double> neuron_steps_, neurons_, decision_steps_, decision_;
};

} // namespace gradus::examples::xor_clusters
