// SPDX-License-Identifier: BSD-3-Clause
// The tangent kernel of a two-layer network against networks, coherence of clusters against
// simulation, descent on a common feature against the descent.
#include <cmath>
#include <cstdint>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include <gradus/data/clusters.hpp>
#include <gradus/data/common_feature.hpp>
#include <gradus/metrics/ratio_of_means.hpp>
#include <gradus/theory/common_feature.hpp>
#include <gradus/theory/tangent_kernel.hpp>

using namespace gradus;
using namespace gradus::theory;

TEST_CASE("tangent kernel: the mean over weights of a network's own, by its definition") {
  Matrix<double> x = support::normal_matrix("x", 3, 4);
  x.col(3) = -2 * x.col(0); // opposite samples
  const Matrix<double> theta = two_layer_tangent_kernel(x);
  const Index h = 400'000;
  const Matrix<double> w = support::normal_matrix("w", h, 3);
  const Vector<double> a = support::normal_vector("a", h);
  const Matrix<double> z = w * x;
  const Matrix<double> units = z.cwiseMax(0.0);
  const Matrix<double> slopes = a.asDiagonal() * (z.array() > 0).cast<double>().matrix();
  const Matrix<double> empirical =
      2.0 / static_cast<double>(h) *
      (units.transpose() * units + (slopes.transpose() * slopes).cwiseProduct(x.transpose() * x));
  // The spread of an entry is a few times |x| |x'| / sqrt(h).
  const Vector<double> norms = x.colwise().norm().transpose();
  for (Index j = 0; j < 4; ++j) {
    for (Index i = 0; i < 4; ++i) {
      REQUIRE(std::abs(theta(i, j) - empirical(i, j)) < 0.03 * norms(i) * norms(j));
      REQUIRE(theta(i, j) == theta(j, i));
    }
    REQUIRE(theta(j, j) == Approx(2 * norms(j) * norms(j)));
  }
  REQUIRE(std::abs(theta(0, 3)) < 1e-12);
}

TEST_CASE("tangent kernel: sums of pairs that the coherence of clusters rests on; edges") {
  for (const double c : {-1.0, -0.7, 0.0, 0.3, 1.0}) {
    REQUIRE(arc_cosine_step(c) + arc_cosine_step(-c) == Approx(1).epsilon(1e-15));
    REQUIRE(2 * (arc_cosine(c) - arc_cosine(-c)) == Approx(c).margin(1e-15));
  }
  Matrix<double> pair(2, 3);
  pair << 1, 0.3, -0.3, 2, 0.4, -0.4;
  const Matrix<double> k = two_layer_tangent_kernel(pair);
  REQUIRE(k(0, 1) - k(0, 2) == Approx(2 * pair.col(0).dot(pair.col(1))).epsilon(1e-13));
  Matrix<double> zero = Matrix<double>::Zero(2, 2);
  zero(0, 1) = 1;
  REQUIRE(two_layer_tangent_kernel(zero) == (Matrix<double>(2, 2) << 0, 0, 0, 2).finished());
  REQUIRE(two_layer_tangent_kernel(Matrix<double>(3, 0)).size() == 0);
  zero(1, 1) = std::nan("");
  REQUIRE_THROWS_AS(two_layer_tangent_kernel(zero), ArgumentError);
}

TEST_CASE("coherence of clusters: closed forms against simulation") {
  const ClusterCoherence law{.mean = 2, .dim = 5, .deviation = 1.5};
  REQUIRE(law.signal() == Approx(4 / (4 + 11.25)));
  REQUIRE(law.two_layer() == law.linear() / 2);
  REQUIRE(ClusterCoherence{.flip_probability = 0.5}.linear() == 0);
  REQUIRE(ClusterCoherence{.flip_probability = 0.25}.linear() ==
          Approx(ClusterCoherence{}.linear() / 4));
  const Index m = 30;
  metrics::RatioOfMeans linear, network;
  for (std::uint64_t k = 0; k < 300; ++k) {
    const auto set = data::draw_two_clusters<double>({.dim = 5, .mean = 2, .deviation = 1.5}, m,
                                                     Stream(8, "sets", k));
    const Matrix<double> theta = two_layer_tangent_kernel(set.x);
    linear.add((set.x * set.labels).squaredNorm(), set.x.squaredNorm());
    network.add(set.labels.dot(theta * set.labels), theta.trace());
  }
  REQUIRE(std::abs(linear.z_score(expected_m_coherence(law.linear(), m))) < 4);
  REQUIRE(std::abs(network.z_score(expected_m_coherence(law.two_layer(), m))) < 4);
}

TEST_CASE("coherence of clusters: softmax regression, random labels") {
  const Index m = 40, k = 3;
  metrics::RatioOfMeans softmax;
  for (std::uint64_t s = 0; s < 300; ++s) {
    const auto set = data::draw_orthogonal_clusters<double>(
        {.num_clusters = k, .dim = 6, .radius = 2}, m, Stream(9, "sets", s));
    Matrix<double> slopes = Matrix<double>::Constant(k, m, 1.0 / static_cast<double>(k));
    for (Index i = 0; i < m; ++i) {
      slopes(set.classes(i), i) -= 1;
    }
    softmax.add((slopes * set.x.transpose()).squaredNorm(),
                slopes.colwise().squaredNorm().dot(set.x.colwise().squaredNorm()));
  }
  const double alpha = softmax_cluster_coherence(3, 2, 6);
  REQUIRE(std::abs(softmax.z_score(expected_m_coherence(alpha, m))) < 4);
  // Two signs are equal or not: s'Ks / tr K is 1 + c or 1 - c, K = (1 c; c 1).
  REQUIRE(random_label_variance((Matrix<double>(2, 2) << 1, 0.3, 0.3, 1).finished()) ==
          Approx(0.09));
  REQUIRE(random_label_variance(Matrix<double>::Identity(4, 4)) == 0);
  REQUIRE_THROWS_AS(random_label_variance(Matrix<double>(2, 3)), ShapeError);
}

TEST_CASE("descent on a common feature: the closed form is the descent") {
  const Index n = 10;
  const double eta = 0.3;
  for (const Index flipped : {0, 1, 3, 5}) {
    const auto set = data::draw_common_feature<double>(
        {.num_samples = n, .random_signs = false, .num_flipped = flipped}, Stream(1));
    const CommonFeatureDescent law{
        .num_samples = n, .flipped_share = static_cast<double>(flipped) / 10, .rate = eta};
    law.validate();
    Vector<double> w = Vector<double>::Zero(n + 1);
    for (int t = 0; t <= 60; ++t) {
      const Vector<double> r = set.labels - set.x.transpose() * w;
      REQUIRE(std::abs(std::abs(r(n - 1)) - std::abs(law.clean_residual(t))) < 1e-13);
      if (flipped > 0) {
        REQUIRE(std::abs(std::abs(r(0)) - std::abs(law.flipped_residual(t))) < 1e-13);
      }
      REQUIRE(std::abs(w(0) - law.common_weight(t)) < 1e-13);
      const Matrix<double> g = set.x * r.asDiagonal();
      if (t == 0) {
        REQUIRE(g.rowwise().sum().squaredNorm() / g.squaredNorm() ==
                Approx(law.initial_m_coherence()).epsilon(1e-13));
      }
      w += eta / static_cast<double>(n) * g.rowwise().sum();
    }
  }
  REQUIRE(CommonFeatureDescent{.num_samples = 1, .rate = 0.5}.private_residual(2) == 0.25);
  const CommonFeatureDescent bad{.flipped_share = 2};
  REQUIRE_THROWS_AS(bad.validate(), ArgumentError);
}
