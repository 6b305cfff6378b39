// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <concepts>
#include <numbers>

#include <gradus/nn/detail/pack.hpp>

/// Vector kernels of the activations: a = f(x), d = f'(x) if Order >= 1, s = f''(x) if Order >= 2.
/// A few units in the last place in a and d; NaN goes in and comes out.
namespace gradus::nn::detail {

/// The logistic family from one exponential, e = exp(-|x|) and r = 1 / (1 + e).
template <class T>
struct LogisticParts {
  Pack<T> e, r, sigmoid;

  explicit LogisticParts(Pack<T> x)
      : e(exp_negative(abs(x))), r(Pack<T>(T(1)) / (Pack<T>(T(1)) + e)),
        sigmoid(select(x < Pack<T>(T(0)), e * r, r)) {}

  [[nodiscard]] Pack<T> first() const { return e * r * r; }
  /// x decides the sign.
  [[nodiscard]] Pack<T> second(Pack<T> x) const {
    return with_sign(first() * (Pack<T>(T(1)) - e) * r, -x);
  }
};

template <int Order, class T>
void sigmoid_kernel(Pack<T> x, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  const LogisticParts<T> parts(x);
  a = parts.sigmoid;
  if constexpr (Order >= 1) {
    d = parts.first();
  }
  if constexpr (Order >= 2) {
    s = parts.second(x);
  }
}

template <int Order, class T>
void softplus_kernel(Pack<T> x, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  const Pack<T> zero(T(0));
  const Pack<T> positive = select(x < zero, zero, x);
  if constexpr (Order == 0) {
    a = positive + log1p_unit(exp_negative(abs(x)));
  } else {
    const LogisticParts<T> parts(x);
    a = positive + log1p_unit(parts.e);
    d = parts.sigmoid;
    if constexpr (Order >= 2) {
      s = parts.first();
    }
  }
}

/// Below |x| = 0.55 our own minimax fit of tanh(x) / x (relative error 2^-57 in double, 2^-31 in
/// float), above it (1 - e) / (1 + e) with e = exp(-2 |x|).
template <int Order, class T>
void tanh_kernel(Pack<T> x, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  constexpr auto coefficients = [] {
    if constexpr (std::same_as<T, float>) {
      return std::array{-0.33333325943996089f, 0.13332825763419512f, -0.05387450518052047f,
                        0.021154530383913475f, -0.0063823006323664184f};
    } else {
      return std::array{-0.33333333333333182,   0.13333333333275416,    -0.05396825392194924,
                        0.021869486952331658,   -0.0088632063886864669, 0.0035918075275313392,
                        -0.0014536186148897876, 0.00058024921604834341, -0.00021200858602401766,
                        5.2135184761031542e-05};
    }
  }();
  const Pack<T> one(T(1));
  const Pack<T> size = abs(x);
  const Pack<T> square = x * x;
  const Pack<T> small = size < Pack<T>(T(0.55));
  const Pack<T> inner = fma(x * square, polynomial(square, coefficients), x);
  const Pack<T> e = exp_negative(size + size);
  const Pack<T> r = one / (one + e);
  a = select(small, inner, with_sign((one - e) * r, x));
  if constexpr (Order >= 1) {
    const Pack<T> outer_slope = Pack<T>(T(4)) * e * r * r;
    d = select(small, one - inner * inner, outer_slope);
  }
  if constexpr (Order >= 2) {
    s = Pack<T>(T(-2)) * a * d;
  }
}

template <int Order, class T>
void erf_kernel(Pack<T> x, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  // erf(x) / x on [0, 1] as a polynomial in x^2: our own minimax fit, relative error 2^-56 in
  // double, 2^-29 in float.
  constexpr auto coefficients = [] {
    if constexpr (std::same_as<T, float>) {
      return std::array{1.1283791657267117f,    -0.3761262582423206f,   0.112835851485863f,
                        -0.02685381193379089f,  0.0051883276822861056f, -0.00080101935900210391f,
                        7.8538612221160499e-05f};
    } else {
      return std::array{1.1283791670955126,      -0.37612638903183521,    0.11283791670944185,
                        -0.026866170643111469,   0.0052239776061184864,   -0.00085483259293151598,
                        0.00012055293576920752,  -1.4924712302392086e-05, 1.6447131575896415e-06,
                        -1.6206313792919322e-07, 1.3710980542536635e-08,  -7.7794687503160018e-10};
    }
  }();
  const Pack<T> size = abs(x);
  const Pack<T> gauss = exp_minus_square(size, T(1));
  const Pack<T> inner = x * polynomial(x * x, coefficients);
  const Pack<T> tail = select(gauss <= Pack<T>(T(0)), gauss, gauss * scaled_erfc(size));
  a = select(size < Pack<T>(T(1)), inner, with_sign(Pack<T>(T(1)) - tail, x));
  if constexpr (Order >= 1) {
    d = gauss * Pack<T>(T(2) * std::numbers::inv_sqrtpi_v<T>);
  }
  if constexpr (Order >= 2) {
    s = select(gauss <= Pack<T>(T(0)), gauss, Pack<T>(T(-2)) * x * d);
  }
}

template <int Order, class T>
void gelu_kernel(Pack<T> x, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  constexpr T root_half = T(1) / std::numbers::sqrt2_v<T>;
  const Pack<T> zero(T(0));
  const Pack<T> size = abs(x);
  const Pack<T> gauss = exp_minus_square(size, T(0.5));
  const Pack<T> gone = gauss <= zero;
  // Phi(-|x|), then Phi(x).
  const Pack<T> tail =
      select(gone, zero, gauss * scaled_erfc(size * Pack<T>(root_half)) * Pack<T>(T(0.5)));
  const Pack<T> phi = select(x < zero, tail, Pack<T>(T(1)) - tail);
  a = select(phi <= zero, zero, x * phi);
  if constexpr (Order >= 1) {
    const Pack<T> density = gauss * Pack<T>(std::numbers::inv_sqrtpi_v<T> * root_half);
    const Pack<T> pull = select(gone, zero, x * density);
    d = phi + pull;
    if constexpr (Order >= 2) {
      s = density + density - select(gone, zero, x * pull);
    }
  }
}

template <int Order, class T>
void relu_kernel(Pack<T> x, T slope, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  const Pack<T> zero(T(0));
  const Pack<T> off = x <= zero; // false for NaN, which passes on
  a = select(off, slope == T(0) ? zero : x * Pack<T>(slope), x);
  if constexpr (Order >= 1) {
    d = select(off, Pack<T>(slope), Pack<T>(T(1)));
  }
  if constexpr (Order >= 2) {
    s = zero;
  }
}

template <int Order, class T>
void identity_kernel(Pack<T> x, Pack<T>& a, Pack<T>& d, Pack<T>& s) {
  a = x;
  if constexpr (Order >= 1) {
    d = Pack<T>(T(1));
  }
  if constexpr (Order >= 2) {
    s = Pack<T>(T(0));
  }
}

} // namespace gradus::nn::detail
