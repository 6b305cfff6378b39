// SPDX-License-Identifier: BSD-3-Clause
// Hessian and Gauss-Newton products of two-layer networks against dense matrices, which come from
// the same network over complex numbers.
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using support::Complex;

template <class T>
nn::TwoLayer<T, nn::Tanh> network(Index width) {
  return {3, nn::FrozenSecondLayer<T, nn::Tanh>(
                 support::normal_matrix("A", 3, width).template cast<T>())};
}

} // namespace

TEST_CASE("two-layer: Hessian and Gauss-Newton products against dense matrices") {
  for (const Index width : {1, 4}) {
    const auto net = network<double>(width);
    const auto complex_net = network<Complex>(width);
    const Index size = net.num_parameters();
    const Vector<double> theta = support::normal_vector("theta", size, 0.7);
    for (const Index n : {1, 6}) {
      const Matrix<double> x = support::normal_matrix("x", 3, n);
      const Matrix<Complex> complex_x = x.cast<Complex>();
      const Vector<Index> y = support::cyclic_classes(n, 3);
      objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, y);
      objective::EmpiricalRisk complex_risk(complex_net, nn::SoftmaxCrossEntropy{}, complex_x, y);
      REQUIRE(support::worst_error(support::gradient_of(risk, theta),
                                   support::gradient_by_complex_step(complex_risk, theta)) <
              tol<double>::derivative);
      const Matrix<double> hessian = support::hessian_by_complex_step(complex_risk, theta);

      // Gauss-Newton: (1/n) sum_i J_i^T (diag(p) - p p^T) J_i, J by complex step.
      nn::TwoLayer<Complex, nn::Tanh>::Workspace workspace;
      Matrix<double> gauss_newton = Matrix<double>::Zero(size, size);
      Matrix<double> jacobian(3 * n, size);
      for (Index j = 0; j < size; ++j) {
        Vector<Complex> shifted = theta.cast<Complex>();
        shifted(j) += Complex(0, support::complex_step);
        const Matrix<double> f =
            complex_net.forward(shifted, complex_x, workspace).imag() / support::complex_step;
        jacobian.col(j) = ConstVectorMap<double>(f.data(), f.size());
      }
      const Matrix<double> z = risk.outputs(theta);
      for (Index i = 0; i < n; ++i) {
        Vector<double> p = z.col(i).array().exp();
        p /= p.sum();
        Matrix<double> core = -p * p.transpose();
        core.diagonal() += p;
        const Matrix<double> ji = jacobian.middleRows(3 * i, 3);
        gauss_newton += ji.transpose() * core * ji / static_cast<double>(n);
      }

      Vector<double> product(size);
      for (const char* name : {"u", "v"}) {
        const Vector<double> v = support::normal_vector(name, size);
        REQUIRE(support::worst_error(support::hvp_of(risk, theta, v), hessian * v) <
                tol<double>::derivative);
        risk.gauss_newton_product(theta, v, product);
        REQUIRE(support::worst_error(product, gauss_newton * v) < tol<double>::derivative);
        REQUIRE(v.dot(product) > 0);
      }
    }
  }
}
