// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/erf.hpp>

#include <gradus/core/error.hpp>
#include <gradus/theory/marchenko_pastur.hpp>

/// Full-batch gradient descent on the mean squared error of a linear student of a linear teacher,
/// Gaussian inputs, no noise: closed forms in the limit of many dimensions.
/// Source: Levi, Beck, Bar-Sinai 2023 (arXiv 2310.16441).

namespace gradus::theory {

/// The error D_t = student - teacher after t steps is (I - 2 eta Sigma)^t D_0 with Sigma = X X^T /
/// N; its losses are means over the spectrum of Sigma, which follows Marchenko and Pastur's law.
struct LinearGrokking {
  double ratio = 0.5;          ///< lambda = d / N > 0
  double learning_rate = 0.05; ///< eta, in (0, 1 / (1 + sqrt lambda)^2)
  double start = 1;            ///< |D_0|^2 > 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(start > 0 && std::isfinite(start), "start", start, "> 0, finite");
    require(learning_rate > 0 && learning_rate * MarchenkoPastur(ratio).high() < 1, "learning_rate",
            learning_rate, "in (0, 1 / (1 + sqrt(ratio))^2): beyond, the largest mode diverges");
  }

  /// Training loss <D_t, Sigma D_t>. @param t  steps, >= 0, not only whole
  [[nodiscard]] Estimate training_loss(double t) const {
    return loss(t, [](double x) { return x; });
  }
  /// Generalisation loss |D_t|^2, the expected squared error on new inputs.
  [[nodiscard]] Estimate generalization_loss(double t) const {
    return loss(t, [](double) { return 1.0; });
  }

private:
  template <class Weight>
  [[nodiscard]] Estimate loss(double t, const Weight& weight) const {
    validate();
    const double eta = learning_rate;
    Estimate result = MarchenkoPastur(ratio).mean(
        [&](double x) { return weight(x) * std::pow((1 - 2 * eta * x) * (1 - 2 * eta * x), t); });
    result.value *= start;
    result.error *= start;
    return result;
  }
};

/// Probability that a Gaussian residual of mean square `loss` has a square of at most epsilon:
/// erf(sqrt(epsilon / (2 loss))).
[[nodiscard]] inline double residual_accuracy(double loss, double epsilon) {
  return loss > 0 ? std::erf(std::sqrt(epsilon / (2 * loss))) : 1.0;
}

/// The loss at which residual_accuracy() is the given one, in (0, 1).
[[nodiscard]] inline double loss_at_accuracy(double accuracy, double epsilon) {
  require(accuracy > 0 && accuracy < 1, "accuracy", accuracy, "in (0, 1)");
  const double z = boost::math::erf_inv(accuracy);
  return epsilon / (2 * z * z);
}

} // namespace gradus::theory
