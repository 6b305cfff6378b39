// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>

namespace gradus::nn {

/// Parameters of a two-layer Mlp whose output is 0 for every input (to rounding): units come in
/// pairs j and j + h/2 with the same incoming and opposite outgoing weights, so that all examples
/// start with residuals of equal size while their gradients are those of a random network. Both
/// layers are N(0, 2^(1/2) h^(-1/2)), h the width: f = sqrt(2/h) sum_j a_j relu(w_j.x) with a,
/// w ~ N(0, 1), with the scale shared out evenly between the layers; its gradients are those by
/// (a, w) times (h/2)^(1/4), the same for both layers at any width. Biases are 0.
/// @param net  depth 2, even width, any activation   @throws ArgumentError otherwise
template <class Net>
[[nodiscard]] auto mirrored_parameters(const Net& net, const Stream& stream) {
  using T = typename Net::Value;
  require(net.depth() == 2, "depth", net.depth(), "2");
  const Index width = net.width(1);
  require(width % 2 == 0, "width", width, "even");
  const Index half = width / 2;
  const double scale = std::pow(2.0 / static_cast<double>(width), 0.25);
  Stream first = stream.child("layer", 1);
  Stream second = stream.child("layer", 2);
  Matrix<T> w(half, net.width(0));
  Matrix<T> a(net.num_outputs(), half);
  fill_normal(first, w, scale);
  fill_normal(second, a, scale);
  Vector<T> theta = Vector<T>::Zero(net.num_parameters());
  auto incoming = net.weights(theta, 1);
  auto outgoing = net.weights(theta, 2);
  incoming.topRows(half) = w;
  incoming.bottomRows(half) = w;
  outgoing.leftCols(half) = a;
  outgoing.rightCols(half) = -a;
  return theta;
}

} // namespace gradus::nn
