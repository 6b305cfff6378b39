// SPDX-License-Identifier: BSD-3-Clause
// A first layer that gathers columns is the dense product with one-hot inputs.
#include <cmath>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/modular.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

using namespace gradus;
using Gathering = nn::Mlp<double, nn::Tanh, nn::OneHotInput>;
using Dense = nn::Mlp<double, nn::Tanh>;

namespace {

/// All passes of both networks on the same samples, positions twice in a sample included.
void same_passes(Index width, Index samples, bool biases) {
  constexpr Index features = 11;
  const nn::MlpShape shape{.widths = {features, width, 4, 3}, .biases = biases};
  const Gathering gathering(shape, {}, {.positions = 3});
  const Dense dense(shape);
  REQUIRE(gathering.num_inputs() == 3);
  REQUIRE(gathering.num_parameters() == dense.num_parameters());
  Matrix<double> positions(3, samples);
  for (Index i = 0; i < samples; ++i) {
    positions.col(i) << static_cast<double>(i % features), static_cast<double>((7 * i) % features),
        static_cast<double>((i * i) % features);
  }
  const Matrix<double> x = data::one_hot(positions, features);
  REQUIRE(x.sum() == 3.0 * static_cast<double>(samples));
  const Vector<Index> y = support::cyclic_classes(samples, 3);
  objective::EmpiricalRisk a(gathering, nn::SoftmaxCrossEntropy{}, positions, y);
  objective::EmpiricalRisk b(dense, nn::SoftmaxCrossEntropy{}, x, y);
  const Vector<double> theta = support::normal_vector("theta", dense.num_parameters(), 0.5);
  const Vector<double> v = support::normal_vector("v", dense.num_parameters());
  REQUIRE(relative_error(a.value(theta), b.value(theta)) < tol<double>::rel);
  REQUIRE(support::worst_error(support::gradient_of(a, theta), support::gradient_of(b, theta)) <
          1e-13);
  REQUIRE(support::worst_error(support::hvp_of(a, theta, v), support::hvp_of(b, theta, v)) < 1e-13);
  Matrix<double> each(theta.size(), samples), expected(theta.size(), samples);
  a.per_example_gradients(theta, each);
  b.per_example_gradients(theta, expected);
  REQUIRE(support::worst_error(each, expected) < 1e-13);
}

} // namespace

TEST_CASE("one-hot inputs: every pass is that of the dense network") {
  same_passes(5, 4, true);
  same_passes(1, 1, true);
  same_passes(130, 40, false);
  same_passes(70, 900, true); // beyond the point where threads take over
}

TEST_CASE("one-hot inputs: same bits for any number of threads") {
#ifdef _OPENMP
  const nn::Mlp<float, nn::Relu, nn::OneHotInput> net({.widths = {40, 150, 7}, .biases = false}, {},
                                                      {.positions = 2});
  Matrix<float> x(2, 1600);
  for (Index i = 0; i < 1600; ++i) {
    x.col(i) << static_cast<float>(i % 20), static_cast<float>(20 + (i / 20) % 20);
  }
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x,
                                support::cyclic_classes(1600, 7));
  const Vector<float> theta =
      support::normal_vector("theta", net.num_parameters(), 0.2).cast<float>();
  const auto gradient = [&](int threads) {
    omp_set_num_threads(threads);
    const Vector<float> g = support::gradient_of(risk, theta);
    omp_set_num_threads(2);
    return g;
  };
  REQUIRE(gradient(1) == gradient(2));
  REQUIRE(gradient(1) == gradient(3));
#endif
}

TEST_CASE("one-hot inputs: what is no position is named") {
  const Gathering net({.widths = {6, 2, 2}}, {}, {.positions = 2});
  const auto says = [&](double bad) {
    Matrix<double> x = Matrix<double>::Zero(2, 3);
    x(1, 2) = bad;
    return support::message_of<ArgumentError>([&] {
      objective::EmpiricalRisk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(3, 2));
    });
  };
  REQUIRE(says(5) == "no error");
  REQUIRE(says(6) == "x(1, 2) is 6; valid: a whole number in [0, 6)");
  REQUIRE(says(-1) == "x(1, 2) is -1; valid: a whole number in [0, 6)");
  REQUIRE(says(1e300) == "x(1, 2) is 1e+300; valid: a whole number in [0, 6)");
  REQUIRE(says(0.5) == "x(1, 2) is 0.5; valid: a whole number in [0, 6)");
}

TEST_CASE("weight blocks lie where the weights do") {
  const Dense net({.widths = {3, 4, 2}, .biases = true});
  const auto blocks = net.weight_blocks();
  REQUIRE(blocks.size() == 2);
  const Vector<double> theta = Vector<double>::LinSpaced(net.num_parameters(), 0, 1);
  for (Index l = 1; l <= 2; ++l) {
    const auto& block = blocks[static_cast<std::size_t>(l - 1)];
    REQUIRE(theta.data() + block.start == net.weights(theta, l).data());
    REQUIRE(block.size == net.weights(theta, l).size());
  }
}
