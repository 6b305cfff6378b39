// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <complex>
#include <limits>
#include <string>

#include "catch.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/nn/initialization.hpp>

namespace nn = gradus::nn;
using gradus::Index;
using gradus::Matrix;
using gradus::Stream;

static_assert(nn::Initialization<nn::HeNormal>);
static_assert(nn::Initialization<nn::Orthogonal, std::complex<double>>);
static_assert(!nn::Initialization<int>);

namespace {

template <class T, class Rule>
Matrix<T> filled(const Rule& rule, Index rows, Index cols, std::uint64_t seed) {
  Matrix<T> weights(rows, cols);
  Stream stream(seed, "weights");
  rule.fill(weights, stream);
  return weights;
}

} // namespace

TEST_CASE("entries have the mean, variance and range that the rule states") {
  // fan_out 150, fan_in 400: N = 60000 entries. Mean and variance within 6 standard errors (2e-9
  // each); a uniform's fourth moment makes the variance's error smaller than a normal's.
  constexpr Index rows = 150;
  constexpr Index cols = 400;
  const auto check = [](auto rule, double variance, bool is_uniform) {
    INFO(rule.name);
    for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
      const Matrix<double> w = filled<double>(rule, rows, cols, seed);
      const auto n = static_cast<double>(w.size());
      const double mean = w.mean();
      const double found = w.squaredNorm() / n - mean * mean;
      REQUIRE(std::abs(mean) < 6 * std::sqrt(variance / n));
      REQUIRE(std::abs(found / variance - 1) < 6 * std::sqrt((is_uniform ? 0.8 : 2.0) / n));
      const double largest = w.cwiseAbs().maxCoeff() / std::sqrt(variance);
      if (is_uniform) {
        REQUIRE(largest < std::sqrt(3.0));
        REQUIRE(largest > std::sqrt(3.0) * 0.999);
      } else {
        REQUIRE(largest > 3.5);
        REQUIRE(largest < 6.5);
      }
    }
  };
  check(nn::Gaussian{0.3}, 0.09, false);
  check(nn::Uniform{0.3}, 0.03, true);
  check(nn::HeNormal{}, 2.0 / cols, false);
  check(nn::HeUniform{}, 2.0 / cols, true);
  check(nn::XavierNormal{}, 2.0 / (rows + cols), false);
  check(nn::XavierUniform{}, 2.0 / (rows + cols), true);
  check(nn::LeCunNormal{}, 1.0 / cols, false);
  check(nn::LeCunUniform{}, 1.0 / cols, true);
  check(nn::FanInUniform{}, 1.0 / (3 * cols), true);
}

TEST_CASE("networks of different number types start from the same weights") {
  const auto check = [](auto rule) {
    INFO(rule.name);
    const Matrix<double> reference = filled<double>(rule, 7, 5, 4);
    const auto agree = [&]<class T>(T) {
      const Matrix<T> w = filled<T>(rule, 7, 5, 4);
      bool same = true;
      for (Index i = 0; i < w.size(); ++i) {
        same = same && w(i) == T(static_cast<gradus::RealOf<T>>(reference(i)));
      }
      REQUIRE(same);
    };
    agree(float());
    agree(static_cast<long double>(0));
    agree(Eigen::half());
    agree(Eigen::bfloat16());
    agree(std::complex<double>());
    agree(gradus::Dual<double, 1>());
    REQUIRE(filled<double>(rule, 7, 5, 4) == reference);
    REQUIRE(filled<double>(rule, 7, 5, 5) != reference);
  };
  check(nn::HeNormal{});
  check(nn::Uniform{0.7});
  check(nn::Orthogonal{});
}

TEST_CASE("one word of the stream per weight, in storage order, into any view") {
  Matrix<double> whole(4, 6);
  Stream stream(9, "view");
  nn::HeNormal{}.fill(whole, stream);
  REQUIRE(stream.position() == 24);
  // The same numbers into a block of a larger matrix.
  Matrix<double> large = Matrix<double>::Constant(9, 6, 5.0);
  Stream again(9, "view");
  nn::HeNormal{}.fill(large.middleRows(2, 4), again);
  REQUIRE(again.position() == 24);
  REQUIRE(large.middleRows(2, 4) == whole);
  REQUIRE((large.topRows(2).array() == 5.0).all());
  // And into a map, a layer of a flat theta.
  gradus::Vector<double> theta = gradus::Vector<double>::Zero(30);
  Stream once_more(9, "view");
  nn::HeNormal{}.fill(gradus::MatrixMap<double>(theta.data() + 3, 4, 6), once_more);
  REQUIRE(theta.segment(3, 24) == whole.reshaped());
}

TEST_CASE("orthogonal weights have orthonormal rows or columns") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{6, 6}, {9, 4}, {4, 9}, {1, 1}, {5, 1}}) {
    INFO(rows << " x " << cols);
    const Matrix<double> w = filled<double>(nn::Orthogonal{1.5}, rows, cols, 3);
    const Matrix<double> gram =
        rows >= cols ? Matrix<double>(w.transpose() * w) : Matrix<double>(w * w.transpose());
    const Index k = std::min(rows, cols);
    REQUIRE((gram - 2.25 * Matrix<double>::Identity(k, k)).cwiseAbs().maxCoeff() <
            10 * tol<double>::abs);
  }
}

TEST_CASE("orthogonal weights are Haar: trace moments and signs") {
  // Over O(4): E tr Q = 0, E (tr Q)^2 = 1, E Q_00 = 0, E Q_00^2 = 1/4, E Q_00^4 = 3/24 (Collins
  // and Sniady 2006). Within 6 standard errors, 2e-9 each. Without the signs of R's diagonal Q_00
  // would have one sign.
  constexpr int n = 4000;
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    Stream stream(seed, "haar");
    double trace = 0.0;
    double trace2 = 0.0;
    double corner = 0.0;
    double corner2 = 0.0;
    Matrix<double> q(4, 4);
    for (int i = 0; i < n; ++i) {
      nn::Orthogonal{}.fill(q, stream);
      trace += q.trace() / n;
      trace2 += q.trace() * q.trace() / n;
      corner += q(0, 0) / n;
      corner2 += q(0, 0) * q(0, 0) / n;
    }
    const double error = 6.0 / std::sqrt(n);
    REQUIRE(std::abs(trace) < error);
    REQUIRE(std::abs(trace2 - 1.0) < error * std::sqrt(2.0)); // E (tr Q)^4 = 3
    REQUIRE(std::abs(corner) < error * 0.5);
    REQUIRE(std::abs(corner2 - 0.25) < error * std::sqrt(3.0 / 24 - 1.0 / 16));
  }
}

TEST_CASE("bad scales are named, empty layers are fine") {
  Stream stream(1, "bad");
  Matrix<double> w(2, 2);
  REQUIRE_THROWS_AS((nn::Gaussian{-1.0}.fill(w, stream)), gradus::ArgumentError);
  REQUIRE_THROWS_AS((nn::Uniform{std::numeric_limits<double>::quiet_NaN()}.fill(w, stream)),
                    gradus::ArgumentError);
  REQUIRE_THROWS_AS((nn::Orthogonal{std::numeric_limits<double>::infinity()}.fill(w, stream)),
                    gradus::ArgumentError);
  nn::Gaussian{0.0}.fill(w, stream);
  REQUIRE(w.cwiseAbs().maxCoeff() == 0.0);
  std::string message;
  try {
    nn::with_initialization("zeros", [](auto) {});
  } catch (const gradus::ArgumentError& error) {
    message = error.what();
  }
  REQUIRE(message.find("one of gaussian, uniform, he-normal") != std::string::npos);
  Matrix<double> none(0, 3);
  Matrix<double> no_inputs(3, 0);
  for (const char* name : {"gaussian", "uniform", "he-normal", "xavier-uniform", "orthogonal"}) {
    nn::with_initialization(name, [&](auto rule) {
      rule.fill(none, stream);
      rule.fill(no_inputs, stream);
    });
  }
  REQUIRE(none.size() == 0);
}
