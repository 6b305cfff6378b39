// SPDX-License-Identifier: BSD-3-Clause
// Hessian-vector products of a network against the dense Hessian, which is the complex step of the
// gradient of the same network over complex numbers.
#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using support::Complex;
using TanhNet = nn::Mlp<double, nn::Tanh>;
using ComplexNet = nn::Mlp<Complex, nn::Tanh>;

const std::vector<nn::MlpShape> shapes = {{{3, 3}, true},
                                          {{2, 1, 3}, true},
                                          {{3, 4, 3}, false},
                                          {{3, 4, 5, 3}, true},
                                          {{2, 3, 2, 3, 3}, true}};

} // namespace

TEST_CASE("mlp: Hessian-vector products against the dense Hessian") {
  double worst_hvp = 0;
  double worst_asymmetry = 0;
  for (const nn::MlpShape& shape : shapes) {
    const TanhNet net(shape);
    const Index size = net.num_parameters();
    const Vector<double> theta = support::normal_vector("theta", size, 0.7);
    for (const Index n : {Index{5}, Index{1}}) {
      const Matrix<double> x = support::normal_matrix("x", net.num_inputs(), n);
      const Matrix<Complex> complex_x = x.cast<Complex>();
      const Vector<Index> y = support::cyclic_classes(n, 3);
      objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, y);
      objective::EmpiricalRisk complex_risk(ComplexNet(shape), nn::SoftmaxCrossEntropy{}, complex_x,
                                            y);
      const Matrix<double> hessian = support::hessian_by_complex_step(complex_risk, theta);
      worst_asymmetry =
          std::max(worst_asymmetry, support::worst_error(hessian.transpose(), hessian));
      for (const char* name : {"v", "another v", "a third v"}) {
        const Vector<double> v = support::normal_vector(name, size);
        worst_hvp =
            std::max(worst_hvp, support::worst_error(support::hvp_of(risk, theta, v), hessian * v));
      }
    }
  }
  REQUIRE(worst_hvp < tol<double>::derivative);
  REQUIRE(worst_asymmetry < tol<double>::derivative);
}

TEST_CASE("mlp: the complex network is holomorphic") {
  // The gradient at a complex point predicts the change of the value in any complex direction.
  const ComplexNet net({{2, 3, 3}, true});
  const Matrix<Complex> x = support::normal_matrix("x", 2, 4).cast<Complex>();
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(4, 3));
  const auto complex_vector = [&](const char* re, const char* im) {
    return Vector<Complex>(support::normal_vector(re, net.num_parameters(), 0.3) +
                           Complex(0, 1) * support::normal_vector(im, net.num_parameters(), 0.3));
  };
  const Vector<Complex> theta = complex_vector("re", "im");
  const Vector<Complex> v = complex_vector("v re", "v im");
  const Complex slope = support::gradient_of(risk, theta).cwiseProduct(v).sum();
  constexpr double h = 1e-5; // central difference: error about h^2, and rounding 1e-16 / h
  const Complex difference = (risk.value(theta + h * v) - risk.value(theta - h * v)) / (2 * h);
  REQUIRE(std::abs(slope) > 0.01);
  REQUIRE(std::abs(difference - slope) < 1e-9);
}
