// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>

#include <gradus/nn/activation.hpp>

namespace gradus::nn {

/// True for an activation whose second derivative is 0 wherever it exists: Hessian products leave
/// that term out. At a kink they are those of the side that derivative() takes, so that they know
/// nothing of what a finite step across it would meet. An activation of your own joins by a member
/// `static constexpr bool is_piecewise_linear = true`.
template <class A>
inline constexpr bool is_piecewise_linear =
    std::same_as<A, Relu> || std::same_as<A, LeakyRelu> || std::same_as<A, Identity> || requires {
  requires A::is_piecewise_linear;
};

} // namespace gradus::nn
