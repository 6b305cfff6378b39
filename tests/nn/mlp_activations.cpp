// SPDX-License-Identifier: BSD-3-Clause
// Gradients through every smooth activation, by its vector kernel, against the complex step of a
// network in plain loops.
#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/plain_network.hpp"
#include "tolerance.hpp"
#include <gradus/nn/loss/square.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace {

using namespace gradus;
using support::Complex;

/// Five units a layer, so that the vector kernels meet full registers and rests.
template <class A>
void check_gradient() {
  INFO(A::name);
  for (const bool biases : {true, false}) {
    const nn::MlpShape shape{{3, 5, 5, 2}, biases};
    const nn::Mlp<double, A> net(shape);
    const Vector<double> theta = support::normal_vector(A::name, net.num_parameters(), 0.8);
    const Matrix<double> x = support::normal_matrix("x", 3, 7);
    const Matrix<double> y = support::normal_matrix("y", 2, 7);
    objective::EmpiricalRisk risk(net, nn::Square{}, x, y);
    const support::PlainRisk<Complex, A, nn::Square> plain(shape, {}, {}, x, y);
    REQUIRE(support::worst_error(support::gradient_of(risk, theta),
                                 support::gradient_by_complex_step(plain, theta)) <
            tol<double>::derivative);
  }
}

} // namespace

TEST_CASE("mlp: gradients through sigmoid, softplus and a linear network") {
  check_gradient<nn::Sigmoid>();
  check_gradient<nn::Softplus>();
  check_gradient<nn::Identity>();
}

TEST_CASE("mlp: gradients through gelu and erf") {
  check_gradient<nn::Gelu>();
  check_gradient<nn::Erf>();
}
