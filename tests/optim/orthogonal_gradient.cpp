// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/metrics/collapse.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/orthogonal_gradient.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/optim/transformed_gradient.hpp>

using namespace gradus;
using optim::OrthogonalGradient;

TEST_CASE("orthogonal gradient: each block by itself, its length kept") {
  const Vector<double> w = support::normal_vector("w", 12);
  const Vector<double> g = support::normal_vector("g", 12);
  const OrthogonalGradient<double> rule{.blocks = {{0, 5}, {7, 5}}};
  rule.validate();
  Vector<double> out(12);
  rule(w, g, out);
  for (const ParameterBlock& block : rule.blocks) {
    const auto part = out.segment(block.start, block.size);
    REQUIRE(std::abs(part.dot(w.segment(block.start, block.size))) < 1e-13);
    REQUIRE(std::abs(part.norm() - g.segment(block.start, block.size).norm()) < 1e-13);
  }
  REQUIRE(out.segment(5, 2) == g.segment(5, 2)); // between the blocks
  // Without the stretch it is the projection.
  OrthogonalGradient<double>{.keep_norm = false}(w, g, out);
  REQUIRE((out - (g - g.dot(w) / w.squaredNorm() * w)).norm() < 1e-14);
}

TEST_CASE("orthogonal gradient: gradients along the weights, and weights or gradients of 0") {
  const Vector<double> w = support::normal_vector("w", 4);
  Vector<double> out(4);
  const OrthogonalGradient<double> rule;
  rule(w, Vector<double>(2 * w), out);
  REQUIRE(out.norm() < 1e-12 + 2 * w.norm()); // rounding may be stretched, never beyond the length
  REQUIRE(out.allFinite());
  rule(Vector<double>::Zero(4), w, out);
  REQUIRE((out - w).norm() < 1e-14);
  rule(w, Vector<double>::Zero(4), out);
  REQUIRE(out.isZero(0.0));
  Vector<double> none(0);
  rule(none, none, none);
}

TEST_CASE("orthogonal gradient: in a network without biases no step scales a layer") {
  const nn::Mlp<double> net({.widths = {4, 6, 5, 3}, .biases = false});
  const Matrix<double> x = support::normal_matrix("x", 4, 20);
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, support::cyclic_classes(20, 3));
  Vector<double> theta = support::normal_vector("theta", net.num_parameters());
  Vector<double> g(theta.size());
  risk.value_and_gradient(theta, g);
  const auto blocks = net.weight_blocks();
  // Euler: the products are the same for all layers, and not 0.
  const auto products = metrics::block_products(theta, g, blocks);
  REQUIRE(std::abs(products[0] - products[1]) < 1e-13);
  REQUIRE(std::abs(products[0] - products[2]) < 1e-13);
  REQUIRE(std::abs(products[0]) > 1e-3);
  const optim::TransformedGradient rule{optim::Sgd<double>{.learning_rate = 0.1},
                                        OrthogonalGradient<double>{.blocks = blocks}};
  auto state = rule.make_state(theta.size());
  const Vector<double> before = theta;
  rule.update(theta, g, state);
  for (const double product :
       metrics::block_products(before, Vector<double>(theta - before), blocks)) {
    REQUIRE(std::abs(product) < 1e-13);
  }
  REQUIRE((theta - before).norm() > 1e-3);
}

TEST_CASE("orthogonal gradient: bad blocks are named") {
  const auto says = [](std::vector<ParameterBlock> blocks) {
    const OrthogonalGradient<double> rule{.blocks = std::move(blocks)};
    return support::message_of<ArgumentError>([&] {
      rule.validate();
      Vector<double> out(4);
      rule(Vector<double>::Ones(4), Vector<double>::Ones(4), out);
    });
  };
  REQUIRE(says({{-1, 2}}) == "block start is -1; valid: >= 0");
  REQUIRE(says({{0, -2}}) == "block size is -2; valid: >= 0");
  REQUIRE(says({{2, 3}}) == "block end is 5; valid: at most the number of parameters");
}
