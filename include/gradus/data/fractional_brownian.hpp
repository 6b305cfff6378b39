// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include <unsupported/Eigen/FFT>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::data {

/// Two-sided fractional Brownian motion on the sites -reach ... reach, a random potential with
///   V(0) = 0,  E (V_i - V_j)^2 = sigma^2 |i - j|^alpha,  Gaussian;  Hurst exponent alpha / 2.
/// Its increments are a stationary sequence, drawn exactly: their covariance is the corner of a
/// circulant matrix, which the Fourier transform makes diagonal, with eigenvalues >= 0 for all
/// alpha in (0, 2). alpha = 1 has independent increments and needs no transform.
/// Source: Davies and Harte 1987; that no eigenvalue is negative: Craigmile 2003 (alpha < 1),
/// Perrin et al. 2002 (alpha > 1).
class FractionalBrownian {
public:
  /// @param alpha  in (0, 2)   @param sigma  >= 0   @param reach  >= 1   @throws ArgumentError
  FractionalBrownian(double alpha, double sigma, Index reach)
      : alpha_(alpha), sigma_(sigma), reach_(reach) {
    require(alpha > 0 && alpha < 2, "alpha", alpha, "in (0, 2)");
    require(sigma >= 0 && std::isfinite(sigma), "sigma", sigma, ">= 0, finite");
    require(reach >= 1, "reach", reach, ">= 1");
    if (alpha == 1) {
      return;
    }
    Index half = 1;
    while (half < 2 * reach) {
      half *= 2;
    }
    const auto size = static_cast<std::size_t>(2 * half);
    noise_.resize(size);
    transformed_.resize(size);
    normals_.resize(2 * size);
    for (Index k = 0; k <= half; ++k) {
      noise_[static_cast<std::size_t>(k)] = covariance(k);
      noise_[(size - static_cast<std::size_t>(k)) % size] = covariance(k);
    }
    fft_.fwd(transformed_.data(), noise_.data(), 2 * half);
    scales_.resize(size);
    for (std::size_t k = 0; k < size; ++k) {
      // What is negative here is rounding.
      scales_[k] = std::sqrt(std::max(0.0, transformed_[k].real()) / static_cast<double>(size));
    }
  }

  /// Number of sites, 2 reach + 1; the middle one is site 0.
  [[nodiscard]] Index num_sites() const { return 2 * reach_ + 1; }

  /// Covariance of two increments V_{i+1} - V_i and V_{j+1} - V_j at a distance k = |i - j| >= 0.
  [[nodiscard]] double covariance(Index k) const {
    const auto x = static_cast<double>(k);
    return 0.5 * sigma_ * sigma_ *
           (std::pow(x + 1, alpha_) - 2 * std::pow(x, alpha_) + std::pow(std::abs(x - 1), alpha_));
  }

  /// Draws independent potentials, one a column. Two at a time share one transform, so those of an
  /// even column and the next belong together in the stream.
  /// @param out  (num_sites, count), written   @throws ShapeError
  /// Cost: one transform of 4 reach to 8 reach numbers for two columns
  void fill(Stream& stream, MatrixRef<double> out) {
    require_shape(out, "out", num_sites(), out.cols());
    if (alpha_ == 1) {
      for (Index j = 0; j < out.cols(); ++j) {
        fill_normal(stream, std::span(out.col(j).data() + 1, static_cast<std::size_t>(2 * reach_)),
                    sigma_);
        accumulate(out.col(j));
      }
      return;
    }
    for (Index j = 0; j < out.cols(); j += 2) {
      fill_normal(stream, std::span(normals_));
      for (std::size_t k = 0; k < noise_.size(); ++k) {
        noise_[k] = {scales_[k] * normals_[2 * k], scales_[k] * normals_[2 * k + 1]};
      }
      fft_.fwd(transformed_.data(), noise_.data(), static_cast<Index>(noise_.size()));
      const Index columns = std::min<Index>(2, out.cols() - j);
      for (Index i = 1; i < num_sites(); ++i) {
        const std::complex<double> z = transformed_[static_cast<std::size_t>(i - 1)];
        out(i, j) = z.real();
        if (columns == 2) {
          out(i, j + 1) = z.imag();
        }
      }
      for (Index c = 0; c < columns; ++c) {
        accumulate(out.col(j + c));
      }
    }
  }

private:
  /// Sums increments (entries 1 ...) up and moves the middle to 0.
  void accumulate(VectorRef<double> column) const {
    double sum = 0;
    column(0) = 0;
    for (Index i = 1; i < column.size(); ++i) {
      sum += column(i);
      column(i) = sum;
    }
    column.array() -= double{column(reach_)};
  }

  double alpha_;
  double sigma_;
  Index reach_;
  std::vector<double> scales_; ///< square roots of the circulant's eigenvalues over its size
  std::vector<double> normals_;
  std::vector<std::complex<double>> noise_;
  std::vector<std::complex<double>> transformed_;
  Eigen::FFT<double> fft_;
};

} // namespace gradus::data
