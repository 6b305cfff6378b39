// SPDX-License-Identifier: BSD-3-Clause
// The same network in float and in long double, each as exact as its number type allows.
#include <algorithm>
#include <limits>
#include <string_view>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/plain_network.hpp"
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;

/// Numbers that float holds exactly, so that all number types start from the same ones.
Matrix<double> draw(std::string_view name, Index rows, Index cols) {
  return support::normal_matrix(name, rows, cols, 0.8).cast<float>().cast<double>();
}

/// Value, gradient and Hessian product of one network and one data set in T.
template <class T>
struct Pass {
  T value;
  Vector<T> gradient;
  Vector<T> product;
};

template <class T>
Pass<T> run() {
  const nn::Mlp<T, nn::Softplus> net({{4, 6, 5, 2}, true});
  const Vector<T> theta = draw("theta", net.num_parameters(), 1).template cast<T>();
  const Vector<T> v = draw("v", net.num_parameters(), 1).template cast<T>();
  const Matrix<T> x = draw("x", 4, 9).template cast<T>();
  objective::EmpiricalRisk risk(net, nn::Square{}, x,
                                Matrix<T>(draw("y", 2, 9).template cast<T>()));
  Pass<T> pass{T(0), Vector<T>(theta.size()), Vector<T>(theta.size())};
  pass.value = risk.value_and_gradient(theta, pass.gradient);
  risk.hvp(theta, v, pass.product);
  return pass;
}

/// Deviation of float's results from the reference in units of float's epsilon.
template <class T>
double deviation(const Vector<T>& computed, const Vector<long double>& reference) {
  const long double scale = reference.cwiseAbs().maxCoeff();
  const long double worst =
      (computed.template cast<long double>() - reference).cwiseAbs().maxCoeff();
  return static_cast<double>(worst / scale / std::numeric_limits<T>::epsilon());
}

} // namespace

TEST_CASE("mlp: float and long double agree to the precision of float") {
  const auto exact = run<long double>();
  const auto single = run<float>();
  // The longest chain of operations has some sixty roundings; errors average out below that.
  REQUIRE(deviation(single.gradient, exact.gradient) < 64);
  REQUIRE(deviation(single.product, exact.product) < 64);
  REQUIRE(deviation(Vector<float>(Vector<float>::Constant(1, single.value)),
                    Vector<long double>(Vector<long double>::Constant(1, exact.value))) < 64);
}

TEST_CASE("mlp: long double is exact beyond double") {
  // Value and directional derivative against a network in plain loops, the latter by a central
  // difference: error h^2 = 1e-12 and rounding 1e-19 / h = 1e-13.
  const nn::MlpShape shape{{4, 6, 5, 2}, true};
  const Vector<long double> theta =
      draw("theta", nn::Mlp<double>(shape).num_parameters(), 1).cast<long double>();
  const Vector<long double> v = draw("v", theta.size(), 1).cast<long double>();
  const support::PlainRisk<long double, nn::Softplus, nn::Square> plain(
      shape, {}, {}, draw("x", 4, 9), draw("y", 2, 9).cast<long double>());
  const auto exact = run<long double>();
  REQUIRE(std::abs(plain.value(theta) / exact.value - 1) <
          64 * std::numeric_limits<long double>::epsilon());
  constexpr long double h = 1e-6L;
  const Vector<long double> ahead = theta + h * v;
  const Vector<long double> behind = theta - h * v;
  const long double slope = (plain.value(ahead) - plain.value(behind)) / (2 * h);
  REQUIRE(std::abs(slope / exact.gradient.dot(v) - 1) < 1e-10L);
}
