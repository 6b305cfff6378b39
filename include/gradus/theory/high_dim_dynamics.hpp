// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include <boost/math/tools/minima.hpp>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/theory/marchenko_pastur.hpp>

namespace gradus::theory {

/// Errors along the training of a linear student of a noisy linear teacher, in the limit of many
/// parameters N and samples P with P / N = alpha.
///
/// Inputs X (N x P) have entries N(0, 1/N), targets y = wbar X + eps; the student descends on
/// 1/2 |y - w X|^2 from w(0). Everything is in units of the noise variance s_e^2: snr = s_w^2 /
/// s_e^2 for the teacher's entries, inr = s_0^2 / s_e^2 for those of w(0). Training multiplies the
/// error along an eigenvector of X X^T with eigenvalue lam by a filter f(lam). Source: Advani and
/// Saxe 2017 (arXiv 1710.03667).
struct HighDimDynamics {
  double alpha = 1; ///< P / N > 0
  double snr = 1;   ///< >= 0
  double inr = 0;   ///< >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(alpha > 0 && std::isfinite(alpha), "alpha", alpha, "> 0, finite");
    require(snr >= 0 && std::isfinite(snr), "snr", snr, ">= 0, finite");
    require(inr >= 0 && std::isfinite(inr), "inr", inr, ">= 0, finite");
  }

  /// Smallest and largest eigenvalue of X X^T that is not 0: (sqrt(alpha) -+ 1)^2.
  [[nodiscard]] double low() const { return alpha * spectrum().low(); }
  /// The largest one.
  [[nodiscard]] double high() const { return alpha * spectrum().high(); }

  /// Generalisation error under a filter: 1 (the noise of a new label) plus the mean over all N
  /// modes of (snr + inr) f^2 + (1 - f)^2 / lam; where lam = 0 nothing moves and f = 1.
  /// @param filter  lam -> f(lam), 1 at 0
  template <class Filter>
  [[nodiscard]] Estimate generalization_error(const Filter& filter) const {
    validate();
    Estimate result = spectrum().mean([&](double x) {
      const double lam = alpha * x;
      const double f = filter(lam);
      const double noise = lam > 0 ? (1 - f) * (1 - f) / lam : 0.0;
      return (snr + inr) * f * f + noise;
    });
    result.value += 1;
    return result;
  }
  /// Training error per sample under a filter:
  /// (1 - 1/alpha)_+ + 1/alpha times the integral of ((snr + inr) lam + 1) f^2 over lam > 0.
  template <class Filter>
  [[nodiscard]] Estimate training_error(const Filter& filter) const {
    validate();
    Estimate result = spectrum().continuous_mean([&](double x) {
      const double lam = alpha * x;
      const double f = filter(lam);
      return ((snr + inr) * lam + 1) * f * f;
    });
    return {std::fmax(0.0, 1 - 1 / alpha) + result.value / alpha, result.error / alpha};
  }

  /// The filter of gradient flow after time t >= 0: exp(-lam t).
  [[nodiscard]] static auto flow(double t) {
    require(t >= 0, "t", t, ">= 0");
    return [t](double lam) { return std::exp(-lam * t); };
  }
  /// The filter of gradient descent after k steps: (1 - learning_rate lam)^k.
  [[nodiscard]] static auto descent(double learning_rate, Index k) {
    require(k >= 0, "k", k, ">= 0");
    return [learning_rate, k](double lam) {
      return std::pow(1 - learning_rate * lam, static_cast<double>(k));
    };
  }
  /// The filter of ridge regression towards w(0) with penalty g > 0: g / (lam + g).
  [[nodiscard]] static auto ridge(double g) {
    require(g > 0 && std::isfinite(g), "g", g, "> 0, finite");
    return [g](double lam) { return g / (lam + g); };
  }

  /// Generalisation error after infinite time; infinite at alpha = 1.
  [[nodiscard]] double final_error() const {
    validate();
    if (alpha == 1) {
      return std::numeric_limits<double>::infinity();
    }
    return alpha < 1 ? 1 + (1 - alpha) * (snr + inr) + alpha / (1 - alpha) : 1 + 1 / (alpha - 1);
  }
  /// Mean of final_error() at finite N and P, exact: moments of the inverse Wishart law.
  /// @throws ArgumentError where the mean does not exist, |P - N| <= 1
  [[nodiscard]] double final_error(Index n, Index p) const {
    require(n >= 1, "n", n, ">= 1");
    require(p >= 1 && (p > n + 1 || p < n - 1), "p", p, ">= 1, with |p - n| > 1");
    const auto size = static_cast<double>(n);
    const auto samples = static_cast<double>(p);
    if (p > n) {
      return 1 + size / (samples - size - 1);
    }
    return 1 + (1 - samples / size) * (snr + inr) + samples / (size - samples - 1);
  }

  /// A time and the error there.
  struct Stop {
    double time;  ///< of gradient flow
    double error; ///< generalisation error
  };
  /// The time at which gradient flow generalises best, to 1e-6 relative, and the error there. For
  /// snr + inr = 0 that is time 0.
  [[nodiscard]] Stop optimal_stop() const {
    const auto error = [this](double log_time) {
      return generalization_error(flow(std::exp(log_time))).value;
    };
    if (snr + inr == 0) {
      return {0, generalization_error(flow(0)).value};
    }
    // Each mode is best stopped at log(1 + (snr + inr) lam) / lam, at most snr + inr and at least
    // that of the largest eigenvalue.
    const double total = snr + inr;
    const double early = std::log(std::log1p(total * high()) / high());
    const auto [time, value] =
        boost::math::tools::brent_find_minima(error, early - 1e-6, std::log(total) + 1e-6, 24);
    return {std::exp(time), value};
  }

  /// A penalty and the error there.
  struct Penalty {
    double penalty; ///< g of |y - w X|^2 + g |w - w(0)|^2
    double error;   ///< generalisation error
  };
  /// The penalty with which ridge regression towards w(0) generalises best, 1 / (snr + inr), and
  /// the error there; no filter does better. Infinite for snr + inr = 0, where the start is best.
  [[nodiscard]] Penalty optimal_ridge() const {
    validate();
    const double total = snr + inr;
    if (total == 0) {
      return {std::numeric_limits<double>::infinity(), 1};
    }
    return {1 / total, generalization_error(ridge(1 / total)).value};
  }

private:
  [[nodiscard]] MarchenkoPastur spectrum() const { return MarchenkoPastur(1 / alpha); }
};

} // namespace gradus::theory
