// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <type_traits>

#include "catch.hpp"
#include "tolerance.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/nn/loss.hpp>

// What the tests of the losses share.
namespace loss_checks {

namespace nn = gradus::nn;
using gradus::Index;
using gradus::Matrix;
using gradus::Vector;

/// Targets of a loss for n samples, in double: signs, classes 0 .. k - 1 or real numbers.
template <class L>
typename L::template Targets<double> some_targets(const L&, Index k, Index n) {
  typename L::template Targets<double> y;
  if constexpr (std::is_same_v<L, nn::Square>) {
    y.resize(k, n);
    gradus::Stream stream(5, "targets");
    gradus::fill_normal(stream, y);
  } else {
    y.resize(n);
    for (Index i = 0; i < n; ++i) {
      if constexpr (std::is_same_v<L, nn::SoftmaxCrossEntropy>) {
        y(i) = (i * 7) % k;
      } else {
        y(i) = i % 3 == 0 ? -1.0 : 1.0;
      }
    }
  }
  return y;
}

template <class L>
constexpr bool many_outputs =
    std::is_same_v<L, nn::Square> || std::is_same_v<L, nn::SoftmaxCrossEntropy>;

template <class Body>
void for_each_loss(Body&& body) {
  for (const char* name : {"logistic", "hinge", "exponential", "softmax-cross-entropy", "square"}) {
    INFO(name);
    nn::with_loss(name, body);
  }
}

template <class T>
Matrix<T> some_outputs(Index k, Index n, double scale = 2.0) {
  Matrix<T> z(k, n);
  gradus::Stream stream(6, "outputs");
  gradus::fill_normal(stream, z, scale);
  return z;
}

inline void expect_close(long double x, long double reference, double bound, long double floor) {
  INFO(static_cast<double>(x) << " against " << static_cast<double>(reference));
  REQUIRE(relative_error(x, reference, floor) < bound);
}

template <class Body>
std::string message_of(Body&& body) {
  try {
    body();
  } catch (const gradus::ArgumentError& error) {
    return error.what();
  }
  return "";
}

} // namespace loss_checks
