// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/data/xor_clusters.hpp>

using namespace gradus;
using data::XorClusters;

namespace {
const XorClusters setting{.dim = 30, .mean_norm_squared = 16, .label_noise = 0.2};
}

TEST_CASE("clusters, flips and clean labels of XOR data") {
  const Index n = 20'000;
  const auto samples = data::draw_clusters(setting, n, Stream(1));
  std::array<double, 4> counts{};
  double flipped = 0;
  for (Index i = 0; i < n; ++i) {
    const int c = samples.cluster[static_cast<std::size_t>(i)];
    counts[static_cast<std::size_t>(c)] += 1;
    flipped += samples.is_flipped(i) ? 1 : 0;
    REQUIRE(samples.clean_labels(i) == (c < 2 ? 1.0 : -1.0));
    REQUIRE(std::abs(samples.labels(i)) == 1.0);
  }
  // Binomial standard deviations 61 and 57; five of them are a false alarm of 6e-7.
  for (const double count : counts) {
    REQUIRE(std::abs(count - 5000) < 5 * 61.3);
  }
  REQUIRE(std::abs(flipped - 4000) < 5 * 56.6);
}

TEST_CASE("inputs: each cluster around its own mean, unit noise") {
  const Index n = 4000;
  const Stream stream(2);
  const auto samples = data::draw_clusters(setting, n, stream, data::ClusterCounts::equal);
  const Matrix<double> x = data::draw_inputs<double>(setting, samples, stream);
  REQUIRE(x.rows() == 30);
  REQUIRE(x.cols() == n);
  Matrix<double> mean = Matrix<double>::Zero(30, 4);
  for (Index i = 0; i < n; ++i) {
    mean.col(samples.cluster[static_cast<std::size_t>(i)]) += x.col(i) / 1000;
  }
  Matrix<double> expected = Matrix<double>::Zero(30, 4);
  expected(0, 0) = expected(1, 2) = 4;
  expected(0, 1) = expected(1, 3) = -4;
  // 120 means with standard deviation 1 / sqrt(1000); 5.5 of them: false alarm 5e-6.
  REQUIRE((mean - expected).cwiseAbs().maxCoeff() < 5.5 / std::sqrt(1000.0));
  data::ClusterSamples centred = samples;
  Matrix<double> noise = x;
  for (Index i = 0; i < n; ++i) {
    noise.col(i) -= expected.col(centred.cluster[static_cast<std::size_t>(i)]);
  }
  const double variance = noise.squaredNorm() / static_cast<double>(noise.size());
  REQUIRE(std::abs(variance - 1) < 5 * std::sqrt(2.0 / static_cast<double>(noise.size())));
}

TEST_CASE("label noise changes the flips and nothing else") {
  const Stream stream(3);
  XorClusters clean = setting;
  clean.label_noise = 0;
  XorClusters wrong = setting;
  wrong.label_noise = 1;
  const auto a = data::draw_clusters(clean, 100, stream);
  const auto b = data::draw_clusters(wrong, 100, stream);
  REQUIRE(a.cluster == b.cluster);
  REQUIRE(a.labels == a.clean_labels);
  REQUIRE(b.labels == -b.clean_labels);
  REQUIRE(data::draw_inputs<double>(clean, a, stream) ==
          data::draw_inputs<double>(wrong, b, stream));
}

TEST_CASE("equal counts, linear labels, float inputs, few samples") {
  XorClusters linear = setting;
  linear.labels = data::ClusterLabels::linear;
  const auto samples = data::draw_clusters(linear, 8, Stream(4), data::ClusterCounts::equal);
  REQUIRE(samples.cluster == std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3});
  for (Index i = 0; i < 8; ++i) {
    REQUIRE(samples.clean_labels(i) == (i % 2 == 0 ? 1.0 : -1.0));
  }
  const Stream stream(5);
  const auto wide = data::draw_inputs<double>(linear, samples, stream);
  const auto narrow = data::draw_inputs<float>(linear, samples, stream);
  REQUIRE((narrow.cast<double>() - wide).cwiseAbs().maxCoeff() < 1e-6);
  REQUIRE(data::draw_clusters(linear, 0, stream).size() == 0);
  REQUIRE(
      data::draw_inputs<double>(linear, data::draw_clusters(linear, 0, stream), stream).cols() ==
      0);
  REQUIRE(data::draw_clusters(linear, 1, stream).size() == 1);
}

TEST_CASE("join keeps order and belonging") {
  const auto a = data::draw_clusters(setting, 3, Stream(6, "a"));
  const auto b = data::draw_clusters(setting, 2, Stream(6, "b"));
  const auto both = data::join(a, b);
  REQUIRE(both.size() == 5);
  REQUIRE(both.labels.head(3) == a.labels);
  REQUIRE(both.labels.tail(2) == b.labels);
  REQUIRE(both.clean_labels.tail(2) == b.clean_labels);
  REQUIRE(both.cluster[4] == b.cluster[1]);
  REQUIRE(data::join(a, data::ClusterSamples{}).size() == 3);
}

TEST_CASE("a bad setting names the field") {
  const auto says = [](XorClusters bad) {
    return support::message_of<ArgumentError>(
        [&] { (void)data::draw_clusters(bad, 10, Stream(7)); });
  };
  XorClusters bad = setting;
  bad.dim = 1;
  REQUIRE(says(bad) == "dim is 1; valid: >= 2");
  bad = setting;
  bad.mean_norm_squared = -1;
  REQUIRE(support::starts_with(says(bad), "mean_norm_squared is -1"));
  bad = setting;
  bad.label_noise = 1.5;
  REQUIRE(says(bad) == "label_noise is 1.5; valid: in [0, 1]");
  bad.label_noise = std::nan("");
  REQUIRE(support::starts_with(says(bad), "label_noise is nan"));
  REQUIRE_THROWS_AS(data::draw_clusters(setting, -1, Stream(7)), ArgumentError);
}
