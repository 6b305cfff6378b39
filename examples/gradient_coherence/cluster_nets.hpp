// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>
#include <vector>

#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::examples::agreement {

/// (|sum g_i|^2, sum |g_i|^2) of the logistic loss for several labellings of the same inputs, at a
/// random two-layer ReLU network of output 0.
[[nodiscard]] std::vector<std::pair<double, double>>
net_sums(const Matrix<double>& x, const std::vector<Vector<double>>& labels, Index width,
         const Stream& stream);

/// Inner products of the output gradients of such a network (n, n).
[[nodiscard]] Matrix<double> net_kernel(const Matrix<double>& x, Index width, const Stream& stream);

} // namespace gradus::examples::agreement
