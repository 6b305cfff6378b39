// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/operator.hpp>

namespace gradus::curvature {

/// A mean over random probes and what it is worth.
struct Estimate {
  double mean = 0;           ///< over the probes
  double standard_error = 0; ///< of the mean: sample deviation over sqrt(probes); 0 for one probe
};

/// The mean of numbers and its standard error. @param values  at least one
[[nodiscard]] inline Estimate mean_of(ConstVectorRef<double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  const double squares = (values.array() - mean).square().sum();
  return {mean, values.size() > 1 ? std::sqrt(squares / (n - 1) / n) : 0.0};
}

/// Random signs, one column a probe: probe j depends on stream.child("probe", j) alone.
/// @param first  number of the first probe
template <class T>
void fill_probes(MatrixRef<T> probes, const Stream& stream, Index first = 0) {
  for (Index j = 0; j < probes.cols(); ++j) {
    Stream draw = stream.child("probe", static_cast<std::uint64_t>(first + j));
    for (Index i = 0; i < probes.rows(); ++i) {
      probes(i, j) = T(random_sign(draw));
    }
  }
}

/// How many probes, and how many at once.
struct ProbeOptions {
  Index probes = 20; ///< random sign vectors, >= 1
  Index block = 8;   ///< probes of one pass, >= 1
};

/// Trace and squared Frobenius norm of a symmetric matrix from random sign vectors v: the means of
/// v . A v and |A v|^2, without bias; Var(v . A v) = 2 (|A|_F^2 - sum_i A_ii^2).
/// Source: Hutchinson 1990.
struct TraceEstimate {
  Estimate trace;             ///< of A
  Estimate squared_frobenius; ///< |A|_F^2 = trace of A^2
};
/// @throws ArgumentError for a bad option
template <SymmetricOperator A>
[[nodiscard]] TraceEstimate estimate_trace(A& a, const Stream& stream,
                                           const ProbeOptions& options = {}) {
  using T = typename A::Value;
  require(options.probes >= 1, "probes", options.probes, ">= 1");
  require(options.block >= 1, "block", options.block, ">= 1");
  const Index block = std::min(options.block, options.probes);
  Matrix<T> v(a.size(), block);
  Matrix<T> av(a.size(), block);
  Vector<double> forms(options.probes);
  Vector<double> norms(options.probes);
  for (Index start = 0; start < options.probes; start += block) {
    const Index count = std::min(block, options.probes - start);
    fill_probes<T>(v.leftCols(count), stream, start);
    a.apply(v.leftCols(count), av.leftCols(count));
    for (Index j = 0; j < count; ++j) {
      forms(start + j) = static_cast<double>(v.col(j).dot(av.col(j)));
      norms(start + j) = static_cast<double>(av.col(j).squaredNorm());
    }
  }
  return {mean_of(forms), mean_of(norms)};
}

} // namespace gradus::curvature
