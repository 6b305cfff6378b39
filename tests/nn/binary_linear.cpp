// SPDX-License-Identifier: BSD-3-Clause
// A binary layer against plain loops, its relaxed twin against the complex step.
#include <algorithm>
#include <array>
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/binary_linear.hpp>

using namespace gradus;
using support::Complex;

namespace {

struct LayerPass {
  Matrix<double> y;
  Matrix<double> dw;
  Matrix<double> da;
};

template <class S>
LayerPass binary_pass(const nn::BinaryLinear<S>& layer, const Matrix<double>& w,
                      const Matrix<double>& a, const Matrix<double>& dy) {
  nn::BinaryLinearWorkspace<double> ws;
  LayerPass out{Matrix<double>(w.rows(), a.cols()), Matrix<double>(w.rows(), w.cols()),
                Matrix<double>(a.rows(), a.cols())};
  layer.template forward<double>(w, a, ws, out.y);
  layer.template backward<double>(w, a, dy, ws, out.dw, out.da);
  return out;
}

/// The layer's definition, entry by entry.
template <class S>
LayerPass plain_binary_pass(const S& f, const Matrix<double>& w, const Matrix<double>& a,
                            const Matrix<double>& dy) {
  const auto sign = [](double x) { return x >= 0 ? 1.0 : -1.0; };
  const double scale = w.cwiseAbs().mean();
  LayerPass out{Matrix<double>::Zero(w.rows(), a.cols()), Matrix<double>::Zero(w.rows(), w.cols()),
                Matrix<double>::Zero(a.rows(), a.cols())};
  Matrix<double> q = Matrix<double>::Zero(w.rows(), w.cols());
  for (Index n = 0; n < a.cols(); ++n) {
    for (Index i = 0; i < w.rows(); ++i) {
      for (Index k = 0; k < w.cols(); ++k) {
        out.y(i, n) += scale * sign(w(i, k)) * sign(a(k, n));
        q(i, k) += dy(i, n) * sign(a(k, n));
        out.da(k, n) += dy(i, n) * scale * sign(w(i, k)) * f.derivative(a(k, n));
      }
    }
  }
  double through = 0;
  for (Index i = 0; i < w.rows(); ++i) {
    for (Index k = 0; k < w.cols(); ++k) {
      through += q(i, k) * sign(w(i, k)) / static_cast<double>(w.size());
    }
  }
  for (Index i = 0; i < w.rows(); ++i) {
    for (Index k = 0; k < w.cols(); ++k) {
      out.dw(i, k) = scale * q(i, k) * f.derivative(w(i, k)) + sign(w(i, k)) * through;
    }
  }
  return out;
}

template <class S>
void compare_binary_passes(const S& f, Index units, Index inputs, Index n) {
  Matrix<double> w = support::normal_matrix("w", units, inputs, 0.8);
  Matrix<double> a = support::normal_matrix("a", inputs, n);
  w(0, 0) = 0;
  if (n > 0) {
    a(0, 0) = -0.0;
  }
  const Matrix<double> dy = support::normal_matrix("dy", units, n);
  const LayerPass got = binary_pass(nn::BinaryLinear<S>{f}, w, a, dy);
  const LayerPass expected = plain_binary_pass(f, w, a, dy);
  CHECK((got.y - expected.y).norm() <= 1e-13 * expected.y.norm());
  CHECK((got.dw - expected.dw).norm() <= 1e-13 * expected.dw.norm());
  CHECK((got.da - expected.da).norm() <= 1e-13 * expected.da.norm());
}

} // namespace

TEST_CASE("binary linear: both passes against plain loops") {
  for (const auto& [units, inputs, n] : {std::array<Index, 3>{5, 7, 11},
                                         {1, 1, 1},
                                         {3, 1, 4},
                                         {1, 6, 2},
                                         {24, 24, 100},
                                         {2, 3, 0}}) {
    compare_binary_passes(nn::StraightThrough(), units, inputs, n);
    compare_binary_passes(nn::RectifiedStraightThrough(3), units, inputs, n);
    compare_binary_passes(nn::ErrorDecay(2), units, inputs, n);
    compare_binary_passes(nn::SoftQuantiser(0.2), units, inputs, n);
  }
}

TEST_CASE("binary linear: the output knows signs and the mean of |W| alone") {
  const Matrix<double> w = support::normal_matrix("w", 4, 6);
  const Matrix<double> a = support::normal_matrix("a", 6, 5);
  const Matrix<double> dy = support::normal_matrix("dy", 4, 5);
  const nn::BinaryLinear<nn::StraightThrough> layer;
  const LayerPass base = binary_pass(layer, w, a, dy);
  CHECK(binary_pass(layer, w, 3 * a, dy).y == base.y);
  CHECK((binary_pass(layer, 2 * w, a, dy).y - 2 * base.y).norm() == 0);
  Matrix<double> moved = w;
  std::swap(moved(0, 0), moved(1, 1)); // the same mean, and the same signs if these agree
  if ((w(0, 0) > 0) == (w(1, 1) > 0)) {
    CHECK((binary_pass(layer, moved, a, dy).y - base.y).norm() < 1e-14);
  }
  CHECK((base.y.cwiseAbs().maxCoeff() <= 6 * w.cwiseAbs().mean() + 1e-14));
}

TEST_CASE(
    "binary linear: the relaxed layer's backward pass is the derivative of its forward pass") {
  const Matrix<double> w = support::normal_matrix("w", 3, 4);
  const Matrix<double> a = support::normal_matrix("a", 4, 6);
  const Matrix<double> dy = support::normal_matrix("dy", 3, 6);
  const auto compare = [&](const auto& surrogate) {
    using S = std::decay_t<decltype(surrogate)>;
    const nn::BinaryLinear<S> layer{surrogate, true};
    const LayerPass got = binary_pass(layer, w, a, dy);
    const auto slope = [&](const Matrix<Complex>& w_at, const Matrix<Complex>& a_at) {
      nn::BinaryLinearWorkspace<Complex> ws;
      Matrix<Complex> y(3, 6);
      layer.template forward<Complex>(w_at, a_at, ws, y);
      return y.cwiseProduct(dy.cast<Complex>()).sum().imag() / support::complex_step;
    };
    const Complex step(0, support::complex_step);
    double worst = 0;
    for (Index i = 0; i < w.size(); ++i) {
      Matrix<Complex> moved = w.cast<Complex>();
      moved(i) += step;
      worst = std::max(worst, std::abs(slope(moved, a.cast<Complex>()) - got.dw(i)));
    }
    for (Index i = 0; i < a.size(); ++i) {
      Matrix<Complex> moved = a.cast<Complex>();
      moved(i) += step;
      worst = std::max(worst, std::abs(slope(w.cast<Complex>(), moved) - got.da(i)));
    }
    CHECK(worst < 1e-13);
    CHECK(got.dw.norm() > 0.1);
    CHECK(got.da.norm() > 0.1);
  };
  compare(nn::ErrorDecay(1));
  compare(nn::SoftQuantiser(0.2));
  compare(nn::RectifiedStraightThrough(3, 0, 100)); // no flat middle, which is no derivative
}

TEST_CASE("binary linear: shapes that do not fit are named") {
  const nn::BinaryLinear<nn::StraightThrough> layer;
  nn::BinaryLinearWorkspace<double> ws;
  const Matrix<double> w = support::normal_matrix("w", 3, 4);
  const Matrix<double> a = support::normal_matrix("a", 4, 6);
  Matrix<double> y(3, 6);
  CHECK_THROWS_AS(layer.forward<double>(w, y, ws, y), ShapeError);
  Matrix<double> wrong(2, 6);
  CHECK_THROWS_AS(layer.forward<double>(w, a, ws, wrong), ShapeError);
  const Matrix<double> none(0, 4);
  CHECK_THROWS_AS(layer.forward<double>(none, a, ws, y), ArgumentError);
  layer.forward<double>(w, a, ws, y);
  Matrix<double> dw(3, 4);
  Matrix<double> da(4, 6);
  CHECK_THROWS_AS(layer.backward<double>(w, a, wrong, ws, dw, da), ShapeError);
  CHECK_THROWS_AS(layer.backward<double>(w, a, y, ws, da, da), ShapeError);
}
