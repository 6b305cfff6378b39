// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Non-convex functions of one variable with a poor local minimum beside the global one: the three
/// synthetic functions of Dubey et al. 2019 (arXiv 1909.11015), section 4. They are put together
/// from pieces; at a seam, value and derivative are those of the piece on the left.

namespace gradus::objective {
namespace detail {

/// A function of one variable as an objective; F gives piece(x), the value and derivative at x.
template <class F, class T>
class OneVariable {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// Size P of theta.
  [[nodiscard]] static Index num_parameters() { return 1; }

  /// Value at theta (1). @throws ShapeError
  T value(ConstVectorRef<T> theta) const {
    require_size(theta, "theta", 1);
    return self().at(theta(0)).value;
  }
  /// Value at theta (1); writes the gradient (1). @throws ShapeError
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) const {
    require_size(theta, "theta", 1);
    require_size(gradient, "gradient", 1);
    const auto result = self().at(theta(0));
    gradient(0) = result.slope;
    return result.value;
  }

private:
  [[nodiscard]] const F& self() const { return static_cast<const F&>(*this); }
};

} // namespace detail

/// Value and derivative of a function of one variable.
template <class T>
struct ValueAndSlope {
  T value; ///< f(x)
  T slope; ///< f'(x)
};

/// F1: scale ((x + 0.3)^2 for x <= 0; (x - 0.2)^2 + 0.05 beyond). Global minimum 0 at -0.3, local
/// one 0.05 scale at 0.2.
template <Scalar T>
struct TwoParabolas : detail::OneVariable<TwoParabolas<T>, T> {
  RealOf<T> scale = RealOf<T>(1); ///< factor of the whole function

  TwoParabolas() = default;
  /// @param factor  factor of the whole function
  explicit TwoParabolas(RealOf<T> factor) : scale(factor) {}

  /// Value and derivative at x.
  [[nodiscard]] ValueAndSlope<T> at(const T& x) const {
    using Real = RealOf<T>;
    const bool left = primal(x) <= Real(0);
    const T from = left ? T(x + T(Real(0.3))) : T(x - T(Real(0.2)));
    const T value = from * from + T(left ? Real(0) : Real(0.05));
    return {T(scale) * value, T(scale) * T(2) * from};
  }
};

/// F2: -40 x - 35.15 for x <= -0.9; x^3 + x sin(8 x) + 0.85 beyond. Global minimum 1e-4 near
/// -0.6429, local ones 0.85 at 0 and 0.4653 near 0.5881; the value jumps by -0.015 at -0.9.
template <Scalar T>
struct CubicWave : detail::OneVariable<CubicWave<T>, T> {
  /// Whether the derivative is the one in the authors' notebook, x cos(8 x) + sin(8 x) + 3 x^2,
  /// which lacks a factor 8.
  bool printed_gradient = false;

  CubicWave() = default;
  /// @param printed  whether the derivative is the notebook's
  explicit CubicWave(bool printed) : printed_gradient(printed) {}

  /// Value and derivative at x.
  [[nodiscard]] ValueAndSlope<T> at(const T& x) const {
    using std::cos;
    using std::sin;
    using Real = RealOf<T>;
    if (primal(x) <= Real(-0.9)) {
      return {T(-40) * x - T(Real(35.15)), T(-40)};
    }
    const T wave = sin(T(8) * x);
    return {x * x * x + x * wave + T(Real(0.85)),
            T(3) * x * x + wave + T(printed_gradient ? 1 : 8) * x * cos(T(8) * x)};
  }
};

/// F3: x^2 for |x| > 0.5, with a dent around +-0.5 and |x| < 0.4 a cusp of slope 7/8. Global
/// minimum 0 at 0, local ones 0.25 at -0.5 and 0.5.
template <Scalar T>
struct ThreeBasins : detail::OneVariable<ThreeBasins<T>, T> {
  /// Value and derivative at x.
  [[nodiscard]] ValueAndSlope<T> at(const T& x) const {
    using Real = RealOf<T>;
    const Real place = primal(x);
    const T three_quarters(Real(0.75));
    const T cusp(Real(0.875));
    if (place <= Real(-0.5) || place > Real(0.5)) {
      return {x * x, T(2) * x};
    }
    if (place <= Real(-0.4)) {
      return {three_quarters + x, T(1)};
    }
    if (place <= Real(0)) {
      return {-cusp * x, -cusp};
    }
    if (place <= Real(0.4)) {
      return {cusp * x, cusp};
    }
    return {three_quarters - x, T(-1)};
  }
};

} // namespace gradus::objective
