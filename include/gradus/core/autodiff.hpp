// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstddef>

#include <boost/math/differentiation/autodiff.hpp>

#include <gradus/core/scalar.hpp>

namespace gradus {

/// Forward-mode dual number of the given order over Real (Boost.Math): passes through networks,
/// losses and optimizers and so checks every hand-written derivative independently. Make one with
/// boost::math::differentiation::make_fvar<Real, Order>(x); read x.derivative(k).
template <class Real, std::size_t Order>
using Dual = boost::math::differentiation::detail::fvar<Real, Order>;

/// Branches on a dual number are decided by its value.
template <class Inner, std::size_t Order>
struct ScalarTraits<Dual<Inner, Order>> {
  /// Real type of the same precision.
  using Real = RealOf<Inner>;
  /// The value without its derivatives.
  static Real primal(const Dual<Inner, Order>& x) { return gradus::primal(x.derivative(0)); }
};

} // namespace gradus

/// Eigen's view of a dual number: the limits of its real type, no vector instructions.
template <class Inner, std::size_t Order>
struct Eigen::NumTraits<gradus::Dual<Inner, Order>> : Eigen::NumTraits<Inner> {
  using Real = gradus::Dual<Inner, Order>;
  using NonInteger = gradus::Dual<Inner, Order>;
  using Nested = gradus::Dual<Inner, Order>;
  using Literal = gradus::Dual<Inner, Order>;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 2,
    AddCost = 4,
    MulCost = 8
  };
};

/// A dual number can be made from anything at all, a matrix included, so Eigen takes `a * b` of two
/// matrices of them for a scaling as well as for a product. A matrix is not a scalar.
template <class Inner, std::size_t Order, class T>
requires std::derived_from<T, Eigen::EigenBase<T>>
struct Eigen::internal::promote_scalar_arg<gradus::Dual<Inner, Order>, T, false> {
};
