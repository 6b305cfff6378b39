// SPDX-License-Identifier: BSD-3-Clause
// Where a network's parameters lie, how they are drawn, and what ties them.
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/equilibrium/coupling.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/metrics/alignment.hpp>

using namespace gradus;
using equilibrium::Coupling;
using equilibrium::Network;
using equilibrium::NetworkLayout;

namespace {

/// Every parameter belongs to exactly one of the views.
void check_partition(const NetworkLayout& layout) {
  Vector<double> theta = Vector<double>::Zero(layout.num_parameters());
  layout.input_weights(theta).array() += 1;
  for (const auto& block : layout.blocks()) {
    layout.coupling(theta, block).array() += 1;
  }
  layout.bias(theta).array() += 1;
  layout.readout(theta).array() += 1;
  layout.readout_bias(theta).array() += 1;
  REQUIRE((theta.array() == 1).all());
}

Matrix<double> couplings(const NetworkLayout& layout, const Vector<double>& theta) {
  Coupling<double> m(layout);
  m.assign(layout, theta);
  return m.matrix();
}

} // namespace

TEST_CASE("layouts: sizes, and views that cover theta once") {
  const auto layers = NetworkLayout::layered({5, 7, 6, 3}, 4);
  CHECK(layers.depth() == 3);
  CHECK(layers.num_units() == 16);
  CHECK(layers.layer_start(3) == 13);
  CHECK(layers.width(2) == 6);
  CHECK(layers.first_output() == 13);
  CHECK(layers.num_parameters() == 5 * 7 + 2 * (7 * 6 + 6 * 3) + 16 + 4 * 3 + 4);
  check_partition(layers);
  check_partition(NetworkLayout::layered({5, 3}, 2)); // one layer, no couplings
  check_partition(NetworkLayout::layered({1, 1, 1}, 2));
  const auto mesh = NetworkLayout::fully_connected(5, 9, 3, 4);
  CHECK(mesh.depth() == 1);
  CHECK(mesh.num_driven() == 9);
  CHECK(mesh.first_output() == 6);
  CHECK(mesh.num_parameters() == 5 * 9 + 81 + 9 + 4 * 3 + 4);
  check_partition(mesh);
}

TEST_CASE("layouts name what they cannot be") {
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  CHECK(says([] { (void)NetworkLayout::layered({5}, 4); }).find("widths") != std::string::npos);
  CHECK(says([] { (void)NetworkLayout::layered({5, 0, 3}, 4); }).find("width is 0") == 0);
  CHECK(says([] { (void)NetworkLayout::layered({5, 3}, 1); }).find("num_classes") == 0);
  CHECK(says([] { (void)NetworkLayout::fully_connected(5, 3, 4, 2); }).find("num_outputs") == 0);
}

TEST_CASE("coupling products skip blocks and nothing else") {
  for (const auto& layout :
       {NetworkLayout::layered({5, 7, 6, 3}, 4), NetworkLayout::fully_connected(5, 9, 3, 4),
        NetworkLayout::layered({5, 3}, 2)}) {
    const Vector<double> theta = support::normal_vector("theta", layout.num_parameters());
    Coupling<double> m(layout);
    m.assign(layout, theta);
    Coupling<double> back(layout);
    back.assign_transposed(m);
    const Matrix<double> r = support::normal_matrix("r", layout.num_units(), 5);
    Matrix<double> out(layout.num_units(), 5);
    m.multiply(r.data(), out.data(), 5);
    CHECK((out - m.matrix() * r).norm() < 1e-13);
    back.multiply(r.data(), out.data(), 5);
    CHECK((out - m.matrix().transpose() * r).norm() < 1e-13);
  }
}

TEST_CASE("initial parameters: angle between the directions, and the same forward weights") {
  const Network<double> net(NetworkLayout::layered({50, 80, 60, 40}, 4));
  const auto& layout = net.layout();
  const Stream stream(1, "init");
  const auto at = [&](double degrees) {
    return net.initial_parameters({.gain = 0.6, .angle = degrees * std::numbers::pi / 180}, stream);
  };
  const Vector<double> symmetric = at(0);
  const Vector<double> oblique = at(60);
  const Vector<double> right = at(90);
  CHECK(layout.forward_weights(symmetric, 2) == layout.forward_weights(right, 2));
  CHECK(layout.feedback_weights(symmetric, 1) == layout.forward_weights(symmetric, 2).transpose());
  CHECK(metrics::symmetry(couplings(layout, symmetric)) == 1);
  CHECK(std::abs(metrics::cosine(layout.feedback_weights(right, 1),
                                 layout.forward_weights(right, 2).transpose())) < 0.06);
  const Matrix<double> sum = 0.5 * layout.forward_weights(right, 3).transpose() +
                             std::sqrt(0.75) * layout.feedback_weights(right, 2);
  CHECK((sum - layout.feedback_weights(oblique, 2)).norm() < 1e-12);
  CHECK(layout.bias(right).norm() == 0);
  const auto spread = [](const auto& w) {
    return std::sqrt(w.squaredNorm() / static_cast<double>(w.size()));
  };
  CHECK(std::abs(spread(layout.input_weights(right)) * std::sqrt(50.0) / 0.6 - 1) < 0.05);
  CHECK(std::abs(spread(layout.feedback_weights(right, 1)) * std::sqrt(60.0) / 0.6 - 1) < 0.05);
}

TEST_CASE("tied networks: couplings and their gradients") {
  for (const auto& layout :
       {NetworkLayout::layered({5, 7, 6, 3}, 4), NetworkLayout::fully_connected(5, 9, 3, 4)}) {
    const Network<double> net(layout);
    Vector<double> theta = support::normal_vector("theta", net.num_parameters());
    const Matrix<double> before = couplings(layout, theta);
    net.symmetrise(theta);
    const Matrix<double> after = couplings(layout, theta);
    CHECK(after == after.transpose());
    CHECK(after.triangularView<Eigen::Lower>().toDenseMatrix() ==
          before.triangularView<Eigen::Lower>().toDenseMatrix());
    Vector<double> gradient = support::normal_vector("gradient", net.num_parameters());
    const Matrix<double> free = couplings(layout, gradient);
    net.tie_gradient(gradient);
    Matrix<double> expected = free + free.transpose();
    expected.diagonal() = free.diagonal();
    CHECK((couplings(layout, gradient) - expected).norm() < 1e-14);
    const Vector<double> mesh = net.initial_parameters({.gain = 1, .angle = 0}, Stream(2));
    CHECK(metrics::symmetry(couplings(layout, mesh)) == 1);
  }
  const Network<double> net(NetworkLayout::layered({5, 3}, 2));
  CHECK(support::message_of<ArgumentError>([&] {
          (void)net.initial_parameters({.gain = -1}, Stream(1));
        }).find("gain") == 0);
}
