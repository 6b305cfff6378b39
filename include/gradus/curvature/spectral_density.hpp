// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/lanczos.hpp>
#include <gradus/curvature/trace.hpp>

namespace gradus::curvature {

/// How a spectral density is estimated.
struct DensityOptions {
  Index probes = 10; ///< random sign vectors, >= 1
  Index steps = 80;  ///< Lanczos steps of each, >= 1; at most P are made
  Index block = 4;   ///< probes in step: block * steps vectors of P numbers are kept, >= 1
};

/// The spectrum of a P x P matrix as seen from random vectors: a quadrature a probe, weights with
/// sum 1. The average over probes estimates the spectral density (1/P) sum_i delta(l - l_i).
struct SpectralDensity {
  std::vector<Quadrature<double>> probes; ///< nodes ascending; one for each probe
  Index size = 0;                         ///< P
  bool finite = true; ///< false if a product was not finite: the densities are then worthless

  /// Estimate of the mean over all eigenvalues of f(l): trace of f(A) over P. Exact in expectation
  /// for polynomials of degree below twice the steps.
  template <class Function>
  [[nodiscard]] Estimate mean_over_spectrum(const Function& f) const {
    Vector<double> values(static_cast<Index>(probes.size()));
    for (Index j = 0; j < values.size(); ++j) {
      const auto& q = probes[static_cast<std::size_t>(j)];
      double sum = 0;
      for (Index i = 0; i < q.nodes.size(); ++i) {
        sum += q.weights(i) * f(q.nodes(i));
      }
      values(j) = sum;
    }
    return mean_of(values);
  }
  /// Estimate of the k-th moment, trace of A^k over P. @param k  >= 0
  [[nodiscard]] Estimate moment(int k) const {
    require(k >= 0, "k", k, ">= 0");
    return mean_over_spectrum([k](double x) { return std::pow(x, k); });
  }
  /// Smallest node of all probes: an upper bound of the smallest eigenvalue, close to it.
  [[nodiscard]] double lowest() const { return extreme(false); }
  /// Largest node: a lower bound of the largest eigenvalue, close to it.
  [[nodiscard]] double highest() const { return extreme(true); }

private:
  [[nodiscard]] double extreme(bool top) const {
    double found = 0;
    bool any = false;
    for (const auto& q : probes) {
      if (q.nodes.size() > 0) {
        const double x = top ? q.nodes.maxCoeff() : q.nodes.minCoeff();
        found = !any ? x : top ? std::max(found, x) : std::min(found, x);
        any = true;
      }
    }
    return found;
  }
};

/// A density on a grid.
struct DensityCurve {
  Vector<double> at;             ///< grid
  Vector<double> density;        ///< mean over the probes
  Vector<double> standard_error; ///< of that mean; 0 for one probe
};

/// Spectral density by stochastic Lanczos quadrature with full reorthogonalisation.
/// Source: Golub and Meurant 1994; Ubaru, Chen, Saad 2017; as used on networks by Ghorbani et al.
/// 2019.
/// @param stream  probe j depends on stream.child("probe", j) alone
/// @param observer  called as observer(done, total) after each step of all probes of a block, in
///                  products; for a progress line
/// @throws ArgumentError for a bad option or an empty matrix
template <SymmetricOperator A, class Observer>
[[nodiscard]] SpectralDensity spectral_density(A& a, const Stream& stream,
                                               const DensityOptions& options, Observer&& observer) {
  using T = typename A::Value;
  require(options.probes >= 1, "probes", options.probes, ">= 1");
  require(options.steps >= 1, "steps", options.steps, ">= 1");
  require(options.block >= 1, "block", options.block, ">= 1");
  require(a.size() >= 1, "number of parameters", a.size(), ">= 1");
  SpectralDensity result;
  result.size = a.size();
  const Index block = std::min(options.block, options.probes);
  const Index steps = std::min(options.steps, a.size());
  Matrix<T> starts(a.size(), block);
  for (Index first = 0; first < options.probes; first += block) {
    const Index count = std::min(block, options.probes - first);
    fill_probes<T>(starts.leftCols(count), stream, first);
    const auto runs = lanczos(a, starts.leftCols(count), steps, [&](Index step, Index) {
      observer(first * steps + step * count, options.probes * steps);
    });
    for (const LanczosResult<T>& run : runs) {
      const Quadrature<T> q = quadrature(run);
      result.finite = result.finite && run.finite;
      result.probes.push_back(
          {q.nodes.template cast<double>(),
           q.weights.template cast<double>() / static_cast<double>(run.squared_norm)});
    }
  }
  return result;
}

/// The same without an observer.
template <SymmetricOperator A>
[[nodiscard]] SpectralDensity spectral_density(A& a, const Stream& stream,
                                               const DensityOptions& options = {}) {
  return spectral_density(a, stream, options, [](Index, Index) {});
}

/// The density smoothed by a Gaussian of the given width: integrates to 1 over the line.
/// @param grid  where it is wanted, any order   @param width  standard deviation, > 0
[[nodiscard]] inline DensityCurve broadened(const SpectralDensity& spectrum,
                                            ConstVectorRef<double> grid, double width) {
  require(width > 0, "width", width, "> 0");
  DensityCurve curve{grid, Vector<double>(grid.size()), Vector<double>(grid.size())};
  const double height = std::numbers::inv_sqrtpi_v<double> / (std::numbers::sqrt2 * width);
  for (Index g = 0; g < grid.size(); ++g) {
    const Estimate e = spectrum.mean_over_spectrum([&](double x) {
      const double t = (grid(g) - x) / width;
      return height * std::exp(-0.5 * t * t);
    });
    curve.density(g) = e.mean;
    curve.standard_error(g) = e.standard_error;
  }
  return curve;
}

/// An even grid over all nodes and `margin` widths beyond either end. @param points  >= 2
[[nodiscard]] inline Vector<double> density_grid(const SpectralDensity& spectrum, Index points,
                                                 double width, double margin = 4) {
  require(points >= 2, "points", points, ">= 2");
  require(width > 0, "width", width, "> 0");
  return Vector<double>::LinSpaced(points, spectrum.lowest() - margin * width,
                                   spectrum.highest() + margin * width);
}

} // namespace gradus::curvature
