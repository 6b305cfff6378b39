// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Targets that a known rule, the teacher, gives to Gaussian inputs.

namespace gradus::data {

/// A linear teacher: inputs x ~ N(0, I_d), targets y = <teacher, x> + noise.
struct LinearTeacher {
  Index dim = 1;    ///< d >= 1
  double norm = 1;  ///< root mean square length of the teacher, entries N(0, norm^2 / d), >= 0
  double noise = 0; ///< standard deviation of the targets' noise, >= 0

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(dim >= 1, "dim", dim, ">= 1");
    require(norm >= 0 && std::isfinite(norm), "norm", norm, ">= 0, finite");
    require(noise >= 0 && std::isfinite(noise), "noise", noise, ">= 0, finite");
  }
};

/// Inputs and targets of a regression.
template <Scalar T>
struct RegressionSamples {
  Matrix<T> x; ///< inputs (d, n)
  Vector<T> y; ///< targets (n)
};

/// The teacher's weights (d), entries N(0, norm^2 / d), from stream.child("teacher").
template <Scalar T>
[[nodiscard]] Vector<T> draw_teacher(const LinearTeacher& setting, const Stream& stream) {
  setting.validate();
  Stream draws = stream.child("teacher");
  Vector<T> teacher(setting.dim);
  fill_normal(draws, teacher, setting.norm / std::sqrt(static_cast<double>(setting.dim)));
  return teacher;
}

/// n >= 0 samples of the given teacher (d). @throws ShapeError if the teacher has another size
template <Scalar T>
[[nodiscard]] RegressionSamples<T> draw_regression(const LinearTeacher& setting,
                                                   const Vector<T>& teacher, Index n,
                                                   const Stream& stream) {
  setting.validate();
  require_size(teacher, "teacher", setting.dim);
  require(n >= 0, "num_samples", n, ">= 0");
  Stream inputs = stream.child("inputs");
  Stream noise = stream.child("noise");
  RegressionSamples<T> samples{Matrix<T>(setting.dim, n), Vector<T>(n)};
  fill_normal(inputs, samples.x);
  fill_normal(noise, samples.y, setting.noise);
  samples.y += samples.x.transpose() * teacher;
  return samples;
}

} // namespace gradus::data
