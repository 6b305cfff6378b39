// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// Covariance of the update (1/M) sum of the drawn g_n over mini-batches drawn from N gradients.

namespace gradus::theory {

/// How a mini-batch of M out of N is drawn.
enum class BatchDraw {
  with_replacement,    ///< M independent draws
  without_replacement, ///< every set of M equally likely
  bernoulli            ///< each example by itself with probability M / N: M is the mean size
};

namespace detail {
inline void check_draw(BatchDraw draw, Index examples, Index batch) {
  require(examples >= 1, "number of gradients", examples, ">= 1");
  require(batch >= 1 && (draw == BatchDraw::with_replacement || batch <= examples), "batch", batch,
          "in [1, number of gradients]");
}
} // namespace detail

/// Covariance of the update, exactly: with S the covariance of the gradients (divided by N) and U
/// their second moment about 0,
///   with replacement S / M;  without S / M (N - M) / (N - 1);  Bernoulli (1/M - 1/N) U.
/// @param gradients  (P, N), one a column   @param batch  M   @return (P, P)   @throws
/// ArgumentError
[[nodiscard]] inline Matrix<double>
update_covariance(BatchDraw draw, ConstMatrixRef<double> gradients, Index batch) {
  const Index count = gradients.cols();
  detail::check_draw(draw, count, batch);
  const auto n = static_cast<double>(count);
  const auto m = static_cast<double>(batch);
  if (draw == BatchDraw::bernoulli) {
    return (1 / m - 1 / n) / n * (gradients * gradients.transpose());
  }
  const Matrix<double> centred = gradients.colwise() - gradients.rowwise().mean();
  const double left = draw == BatchDraw::with_replacement ? 1 : count > 1 ? (n - m) / (n - 1) : 0;
  return left / (m * n) * (centred * centred.transpose());
}

/// Covariance of an update whose gradients are each multiplied by independent noise of mean 1:
/// (S + variance U) / M, M draws with replacement. variance = M / M0 - 1 gives S / M0 up to
/// variance g g^T / M.
/// @param variance  of the noise, >= 0
[[nodiscard]] inline Matrix<double> noisy_update_covariance(ConstMatrixRef<double> gradients,
                                                            Index batch, double variance) {
  require(variance >= 0, "variance", variance, ">= 0");
  const Index count = gradients.cols();
  return update_covariance(BatchDraw::with_replacement, gradients, batch) +
         variance / static_cast<double>(batch * count) * (gradients * gradients.transpose());
}

/// The same covariance as update_covariance(), from the law itself: every mini-batch there is, with
/// its probability. Sequences (N^M) with replacement, subsets (2^N) otherwise.
/// @throws ArgumentError for more than 2^20 of them
[[nodiscard]] inline Matrix<double>
enumerated_update_covariance(BatchDraw draw, ConstMatrixRef<double> gradients, Index batch) {
  const Index count = gradients.cols();
  detail::check_draw(draw, count, batch);
  const bool sequences = draw == BatchDraw::with_replacement;
  const double number = sequences ? std::pow(static_cast<double>(count), static_cast<double>(batch))
                                  : std::pow(2.0, static_cast<double>(count));
  require(number <= 0x1p20, "number of mini-batches", number, "at most 2^20");
  const double share = static_cast<double>(batch) / static_cast<double>(count);
  double total = 0;
  Vector<double> mean = Vector<double>::Zero(gradients.rows());
  Matrix<double> moment = Matrix<double>::Zero(gradients.rows(), gradients.rows());
  // About the full gradient, so that no large mean is taken off at the end.
  const Vector<double> centre = gradients.rowwise().mean();
  const auto add = [&](const Vector<double>& update, double weight) {
    const Vector<double> off = update - centre;
    total += weight;
    mean += weight * off;
    moment += weight * off * off.transpose();
  };
  const auto size = static_cast<Index>(number);
  Vector<double> update(gradients.rows());
  for (Index code = 0; code < size; ++code) {
    update.setZero();
    Index members = 0;
    if (sequences) {
      for (Index k = 0, rest = code; k < batch; ++k, rest /= count) {
        update += gradients.col(rest % count);
      }
    } else {
      for (Index i = 0; i < count; ++i) {
        if (((code >> i) & 1) != 0) {
          update += gradients.col(i);
          ++members;
        }
      }
    }
    update /= static_cast<double>(batch);
    if (sequences) {
      add(update, 1);
    } else if (draw == BatchDraw::bernoulli) {
      add(update, std::pow(share, static_cast<double>(members)) *
                      std::pow(1 - share, static_cast<double>(count - members)));
    } else if (members == batch) {
      add(update, 1);
    }
  }
  mean /= total;
  return moment / total - mean * mean.transpose();
}

} // namespace gradus::theory
