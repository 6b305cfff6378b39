// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <vector>

#include "catch.hpp"
#include <gradus/data/xor_gram.hpp>
#include <gradus/theory/xor_clusters.hpp>

using namespace gradus;

TEST_CASE("normal distribution function: known values and symmetry") {
  REQUIRE(theory::normal_cdf(0.0) == 0.5);
  REQUIRE(std::abs(theory::normal_cdf(1.959963984540054) - 0.975) < 1e-15);
  REQUIRE(std::abs(theory::normal_cdf(-8.0) / 6.220960574271785e-16 - 1) < 1e-12);
}

TEST_CASE("imbalance counts labels by axis and direction") {
  data::ClusterSamples samples;
  samples.cluster = {0, 1, 2, 3, 0, 2};
  samples.labels.resize(6);
  samples.labels << 1, 1, -1, -1, -1, -1; // the fifth is flipped
  samples.clean_labels = samples.labels;
  const auto all = theory::imbalance(samples, 6);
  REQUIRE(all.signed_labels[0] == 1 - 1 - 1);
  REQUIRE(all.signed_labels[1] == -1 + 1 - 1);
  REQUIRE(all.labels[0] == 1);
  REQUIRE(all.labels[1] == -3);
  REQUIRE(all.counts[0] == 3);
  REQUIRE(all.num_samples == 6);
  const auto none = theory::imbalance(samples, 0);
  REQUIRE(none.num_samples == 0);
  REQUIRE_THROWS_AS(theory::imbalance(samples, 7), ArgumentError);
}

TEST_CASE("one step: opposite clusters add up to 1, the mean is 1/2 for any imbalance") {
  for (const double s1 : {-40.0, -1.0, 0.0, 3.0, 200.0}) {
    for (const double s2 : {-7.0, 0.0, 12.0}) {
      const theory::ClusterImbalance set{{s1, s2}, {100, -100}, {200, 200}, 400};
      const auto law = theory::one_step_cluster_accuracy(set, 500, 1e5);
      REQUIRE(std::abs(law[0] + law[1] - 1) < 1e-15);
      REQUIRE(std::abs(law[2] + law[3] - 1) < 1e-15);
      REQUIRE((s1 > 0) == (law[0] > 0.5));
      REQUIRE((s2 > 0) == (law[3] > 0.5));
    }
  }
}

TEST_CASE("one step: the law is the accuracy of the linear rule <sum y_i x_i, x>") {
  // Simulated on Gram matrices, whose test points are fresh. Each of the 20 draws has 4 x 250 test
  // points, and the law holds for given labels; the bound on the mean deviation is four standard
  // errors of 20 x 4 accuracies of 250 points each (false alarm below 1e-4), seeds fixed.
  const data::XorClusters setting{.dim = 20'000, .mean_norm_squared = 300, .label_noise = 0.1};
  constexpr Index n = 60;
  constexpr Index num_test = 1000;
  double deviation = 0;
  double variance = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Stream stream(seed, "one step law");
    const auto samples = data::join(
        data::draw_clusters(setting, n, stream.child("train")),
        data::draw_clusters(setting, num_test, stream.child("test"), data::ClusterCounts::equal));
    const auto gram = data::draw_xor_gram(setting, samples, n, 2, 1.0, stream);
    const Vector<double> rule = gram.gram.rightCols(num_test).transpose() * samples.labels.head(n);
    const auto law = theory::one_step_cluster_accuracy(theory::imbalance(samples, n), 300, 20'000);
    std::array<double, 4> correct{};
    for (Index i = 0; i < num_test; ++i) {
      const auto c = static_cast<std::size_t>(samples.cluster[static_cast<std::size_t>(n + i)]);
      correct[c] += rule(i) * samples.clean_labels(n + i) > 0 ? 1.0 / 250 : 0.0;
    }
    for (std::size_t c = 0; c < 4; ++c) {
      // Signed so that opposite clusters do not cancel.
      deviation += (c % 2 == 0 ? 1 : -1) * (correct[c] - law[c]);
      variance += law[c] * (1 - law[c]) / 250;
    }
  }
  // The weights sum y_i x_i are one draw for all test points of a cluster; its length fluctuates by
  // a few percent, which adds to the binomial variance: a factor 2 covers it.
  REQUIRE(std::abs(deviation) < 4 * std::sqrt(2 * variance));
}

TEST_CASE("share of positive neurons: 1/2 without imbalance, monotone in it") {
  double last = 0;
  for (const double s : {-60.0, -20.0, 0.0, 20.0, 60.0}) {
    const theory::ClusterImbalance set{{s, -s}, {160, -160}, {200, 200}, 400};
    const double share = theory::positive_neuron_share(set, 0, 1000, 1e5);
    // Axis 1 carries label -1: the mirror image.
    REQUIRE(std::abs(share - theory::positive_neuron_share(set, 1, 1000, 1e5)) < 1e-15);
    REQUIRE(share > last);
    REQUIRE((s == 0 ? share == 0.5 : true));
    last = share;
  }
  const theory::ClusterImbalance set{};
  REQUIRE_THROWS_AS(theory::positive_neuron_share(set, 2, 1, 1), ArgumentError);
}
