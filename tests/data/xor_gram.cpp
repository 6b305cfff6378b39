// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include <gradus/data/xor_gram.hpp>

using namespace gradus;

namespace {

const data::XorClusters gram_setting{.dim = 60, .mean_norm_squared = 9};
constexpr Index num_train = 3;
constexpr Index all = 5;
constexpr Index width = 2;
constexpr double omega = 0.5;

/// Mean and second moment of every entry of (K, F) over many draws.
struct Moments {
  Matrix<double> gram = Matrix<double>::Zero(num_train, all);
  Matrix<double> gram_squared = Matrix<double>::Zero(num_train, all);
  Matrix<double> initial_squared = Matrix<double>::Zero(width, all);
  Matrix<double> initial_gram = Matrix<double>::Zero(num_train, all); // F^T F: K seen through W_0

  void add(const data::FeatureGram& g, double weight) {
    gram += weight * g.gram;
    gram_squared += weight * g.gram.cwiseAbs2();
    initial_squared += weight * g.initial.cwiseAbs2();
    initial_gram +=
        weight * (g.initial.leftCols(num_train).transpose() * g.initial) / (omega * omega * width);
  }
};

} // namespace

TEST_CASE("the Gram sampler has the law of Gram matrices of drawn data") {
  constexpr int draws = 4000;
  const auto samples =
      data::draw_clusters(gram_setting, all, Stream(1, "fixed"), data::ClusterCounts::equal);
  Moments bartlett;
  Moments direct;
  for (int k = 0; k < draws; ++k) {
    const Stream stream(static_cast<std::uint64_t>(k), "gram law");
    bartlett.add(data::draw_xor_gram(gram_setting, samples, num_train, width, omega, stream),
                 1.0 / draws);
    const auto x = data::draw_inputs<double>(gram_setting, samples, stream.child("x"));
    Matrix<double> w0(width, gram_setting.dim);
    Stream weights = stream.child("w0");
    fill_normal(weights, w0, omega);
    direct.add(data::gram_of(x, num_train, w0), 1.0 / draws);
  }
  // Entries are compared in standard errors of the difference, with the variances of the direct
  // draws; 15 + 15 + 10 + 15 comparisons at 5 standard errors: false alarm 3e-5.
  const double error = std::sqrt(2.0 / draws);
  const Matrix<double> gram_sd = (direct.gram_squared - direct.gram.cwiseAbs2()).cwiseSqrt();
  REQUIRE(((bartlett.gram - direct.gram).array().abs() < 5 * error * gram_sd.array()).all());
  // The square of an entry of mean m and deviation s deviates by about sqrt(4 m^2 s^2 + 2 s^4).
  const auto s2 = gram_sd.array().square();
  const auto square_sd = (4 * direct.gram.array().square() * s2 + 2 * s2.square()).sqrt();
  REQUIRE(
      ((bartlett.gram_squared - direct.gram_squared).array().abs() < 5 * error * square_sd * 1.2)
          .all());
  REQUIRE(((bartlett.initial_squared - direct.initial_squared).array().abs() <
           5 * error * 1.6 * direct.initial_squared.array())
              .all());
  const double typical = std::sqrt(60.0 * 60.0 / width) * 1.5;
  REQUIRE((bartlett.initial_gram - direct.initial_gram).cwiseAbs().maxCoeff() <
          5 * error * typical);
}

TEST_CASE("the training block is symmetric and positive definite") {
  const data::XorClusters wide{.dim = 500, .mean_norm_squared = 40};
  const Stream stream(2);
  const auto samples = data::draw_clusters(wide, 150, stream);
  const auto gram = data::draw_xor_gram(wide, samples, 100, 4, 0.1, stream);
  const Matrix<double> k = gram.gram.leftCols(100);
  REQUIRE(k == k.transpose());
  REQUIRE(Eigen::SelfAdjointEigenSolver<Matrix<double>>(k).eigenvalues().minCoeff() > 0);
}

TEST_CASE("huge dimensions cost nothing and stay finite") {
  const data::XorClusters huge{.dim = 10'000'000'000'000, .mean_norm_squared = 1e7};
  const Stream stream(3);
  const auto samples = data::draw_clusters(huge, 40, stream);
  const auto gram = data::draw_xor_gram(huge, samples, 20, 4, 1e-9, stream);
  REQUIRE(gram.gram.allFinite());
  REQUIRE(gram.initial.allFinite());
  // Diagonal: chi-squared with p degrees of freedom, relative deviation sqrt(2 / p) = 4e-7.
  REQUIRE(std::abs(gram.gram(0, 0) / 1e13 - 1) < 5e-6);
}

TEST_CASE("more samples do not change those before them; threads change nothing") {
  const Stream stream(4);
  const data::XorClusters wide{.dim = 400, .mean_norm_squared = 40};
  const auto samples = data::draw_clusters(wide, 130, stream);
  auto fewer = samples;
  fewer.cluster.resize(90);
  fewer.labels = samples.labels.head(90);
  fewer.clean_labels = samples.clean_labels.head(90);
  const auto big = data::draw_xor_gram(wide, samples, 70, 4, 0.1, stream);
  const auto small = data::draw_xor_gram(wide, fewer, 70, 4, 0.1, stream);
  // The same numbers are drawn; products of other shapes round differently.
  REQUIRE((big.gram.leftCols(90) - small.gram).cwiseAbs().maxCoeff() < 1e-10 * 400);
}

TEST_CASE("gram_of is the inner products") {
  Stream stream(5);
  Matrix<double> x(20, 7);
  fill_normal(stream, x);
  Matrix<double> w0(3, 20);
  fill_normal(stream, w0);
  const auto gram = data::gram_of(x, 4, w0);
  REQUIRE((gram.gram - x.leftCols(4).transpose() * x).cwiseAbs().maxCoeff() < 1e-13);
  REQUIRE((gram.initial - w0 * x).cwiseAbs().maxCoeff() < 1e-13);
  REQUIRE(gram.signal == x.topRows(2));
  REQUIRE(gram.initial_signal == w0.leftCols(2));
}

TEST_CASE("bad arguments of the Gram sampler") {
  const Stream stream(6);
  const auto samples = data::draw_clusters(gram_setting, 59, stream);
  REQUIRE_THROWS_AS(data::draw_xor_gram(gram_setting, samples, 10, 2, 1.0, stream), ArgumentError);
  const auto few = data::draw_clusters(gram_setting, 10, stream);
  REQUIRE_THROWS_AS(data::draw_xor_gram(gram_setting, few, 11, 2, 1.0, stream), ArgumentError);
  REQUIRE_THROWS_AS(data::draw_xor_gram(gram_setting, few, 5, 2, -1.0, stream), ArgumentError);
  REQUIRE_THROWS_AS(data::gram_of(Matrix<double>::Ones(5, 4), 2, Matrix<double>::Ones(3, 4)),
                    ShapeError);
  // No samples at all: empty matrices.
  const auto none = data::draw_xor_gram(gram_setting, data::draw_clusters(gram_setting, 0, stream),
                                        0, 2, 1.0, stream);
  REQUIRE(none.gram.size() == 0);
  REQUIRE(none.initial.cols() == 0);
}
