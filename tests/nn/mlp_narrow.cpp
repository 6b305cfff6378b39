// SPDX-License-Identifier: BSD-3-Clause
// The same network in 16-bit numbers.
#include <limits>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/plain_network.hpp"
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;

/// Loss and gradient in T against a float network of plain loops that starts from T's numbers.
template <class T>
void check_narrow() {
  const nn::MlpShape shape{{3, 5, 3}, true};
  const nn::Mlp<T, nn::Relu> net(shape);
  const Vector<T> theta = support::normal_vector("theta", net.num_parameters()).template cast<T>();
  const Matrix<T> x = support::normal_matrix("x", 3, 6).template cast<T>();
  const Vector<Index> y = support::cyclic_classes(6, 3);
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, y);
  Vector<T> gradient(theta.size());
  const auto loss = static_cast<float>(risk.value_and_gradient(theta, gradient));

  const support::PlainRisk<double, nn::Relu, nn::SoftmaxCrossEntropy> plain(
      shape, {}, {}, x.template cast<float>().template cast<double>(), y);
  const Vector<double> point = theta.template cast<float>().template cast<double>();
  // Some ten roundings of the products' sums, which are kept in T.
  const double bound = 10 * static_cast<double>(static_cast<float>(Eigen::NumTraits<T>::epsilon()));
  const double reference = plain.value(point);
  REQUIRE(std::abs(loss - reference) < bound * reference);
  double worst = 0;
  double scale = 0;
  for (Index j = 0; j < theta.size(); ++j) {
    Vector<double> ahead = point;
    Vector<double> behind = point;
    ahead(j) += 1e-5; // no kink within this distance: see the agreement
    behind(j) -= 1e-5;
    const double slope = (plain.value(ahead) - plain.value(behind)) / 2e-5;
    worst = std::max(worst, std::abs(slope - static_cast<float>(gradient(j))));
    scale = std::max(scale, std::abs(slope));
  }
  REQUIRE(scale > 0.1);
  REQUIRE(worst < bound * scale);
}

} // namespace

TEST_CASE("mlp: networks of half-precision numbers") { check_narrow<Eigen::half>(); }

TEST_CASE("mlp: networks of bfloat16 numbers") { check_narrow<Eigen::bfloat16>(); }
