// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/special_functions/erf.hpp>

#include "catch.hpp"
#include "tolerance.hpp"
#include <gradus/core/autodiff.hpp>
#include <gradus/core/distributions.hpp>

using gradus::Index;
using gradus::Stream;

namespace {

constexpr std::array<std::uint64_t, 3> seeds{11, 12, 13};

/// sqrt(n) times the Kolmogorov-Smirnov distance of draws from a distribution function.
template <class Draw, class Cdf>
double kolmogorov(int n, Draw&& draw, Cdf&& cdf) {
  std::vector<double> u(static_cast<std::size_t>(n));
  for (double& v : u) {
    v = cdf(draw());
  }
  std::sort(u.begin(), u.end());
  double distance = 0.0;
  for (int i = 0; i < n; ++i) {
    const double at = u[static_cast<std::size_t>(i)];
    distance = std::max({distance, at - double(i) / n, double(i + 1) / n - at});
  }
  return distance * std::sqrt(n);
}

/// P(sqrt(n) D > x) <= 2 exp(-2 x^2): at this x a false alarm has probability 1e-6.
const double kolmogorov_bound = std::sqrt(0.5 * std::log(2e6));

/// Pearson's chi-squared of counts against equal probabilities, minus its 1 - 1e-6 quantile:
/// positive with probability 1e-6 for fair draws.
double chi_squared_excess(const std::vector<int>& counts) {
  double total = 0.0;
  for (const int c : counts) {
    total += c;
  }
  const double expected = total / static_cast<double>(counts.size());
  double sum = 0.0;
  for (const int c : counts) {
    sum += (c - expected) * (c - expected) / expected;
  }
  const boost::math::chi_squared law(static_cast<double>(counts.size() - 1));
  return sum - quantile(complement(law, 1e-6));
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
};

template <class Draw>
Moments moments(int n, Draw&& draw) {
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < n; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / n;
  return {mean, squares / n - mean * mean};
}

} // namespace

TEST_CASE("the normal quantile agrees with Boost") {
  double worst = 0.0;
  const auto check = [&](double u) {
    // -sqrt(2) erfc_inv(2u), in long double.
    const long double reference =
        -std::sqrt(2.0L) * boost::math::erfc_inv(2 * static_cast<long double>(u));
    worst = std::max(worst, relative_error(gradus::normal_quantile(u), reference, 1e-3L));
  };
  Stream stream(1, "quantile");
  for (int i = 0; i < 20000; ++i) {
    check(stream.uniform());
  }
  for (int k = 1; k <= 53; ++k) {
    check(std::ldexp(1.0, -k));
    check(std::ldexp(1.3, -k - 1));
    check(1.0 - std::ldexp(1.0, -k));
  }
  for (const double edge : {0.075, 0.925}) { // where the branches meet
    check(edge);
    check(std::nextafter(edge, 0.0));
    check(std::nextafter(edge, 1.0));
  }
  // The method's own error is 1e-16; the rest is some ten roundings.
  REQUIRE(worst < 1e-15);
  REQUIRE(gradus::normal_quantile(0.5) == 0.0);
  REQUIRE(gradus::normal_quantile(0.25) == -gradus::normal_quantile(0.75));
}

TEST_CASE("fill_normal is as many calls of normal, whatever the size") {
  for (const int count : {0, 1, 3, 4, 7, 8, 255, 256, 257, 1000, 8192, 8195, 20000}) {
    for (const std::uint64_t start : {0ULL, 1ULL, 6ULL}) {
      Stream a(7, "fill");
      a.seek(start);
      Stream b(a);
      std::vector<double> x(static_cast<std::size_t>(count));
      gradus::fill_normal(a, std::span(x), 0.5);
      bool same = true;
      for (const double v : x) {
        same = same && v == 0.5 * gradus::normal(b);
      }
      REQUIRE(same);
      REQUIRE(a.position() == b.position());
      REQUIRE(a.bits() == b.bits());
    }
  }
}

TEST_CASE("normals of every number type are the double ones, rounded") {
  const auto reference = [] {
    Stream stream(3, "types");
    gradus::Vector<double> x(300);
    gradus::fill_normal(stream, x, 2.0);
    return x;
  }();
  const auto check = [&]<class T>(T) {
    Stream stream(3, "types");
    gradus::Vector<T> x(300);
    gradus::fill_normal(stream, x, 2.0);
    bool same = true;
    for (Index i = 0; i < x.size(); ++i) {
      same = same && x(i) == T(static_cast<gradus::RealOf<T>>(reference(i)));
    }
    REQUIRE(same);
    REQUIRE(stream.position() == 300);
  };
  check(float());
  check(static_cast<long double>(0));
  check(Eigen::half());
  check(Eigen::bfloat16());
  check(std::complex<double>());
  check(gradus::Dual<double, 1>());
}

#ifdef _OPENMP
TEST_CASE("fill_normal gives the same bits on one thread and on several") {
  const auto fill = [](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    Stream stream(21, "threads");
    gradus::Vector<double> x(100001);
    gradus::fill_normal(stream, x);
    omp_set_num_threads(before);
    return x;
  };
  const gradus::Vector<double> one = fill(1);
  REQUIRE(fill(2) == one);
  REQUIRE(fill(3) == one);
}
#endif

TEST_CASE("normals, uniforms and gammas follow their laws") {
  // Kolmogorov-Smirnov, 8 laws on 3 seeds, a false alarm in 1e6 each.
  constexpr int n = 20000;
  for (const std::uint64_t seed : seeds) {
    Stream stream(seed, "laws");
    REQUIRE(kolmogorov(
                n, [&] { return gradus::normal(stream); }, normal_cdf) < kolmogorov_bound);
    REQUIRE(kolmogorov(
                n, [&] { return gradus::uniform(stream, -2.0, 3.0); },
                [](double x) { return (x + 2.0) / 5.0; }) < kolmogorov_bound);
    for (const double shape : {0.05, 0.3, 1.0, 2.5, 40.0}) {
      const boost::math::gamma_distribution<double> law(shape);
      REQUIRE(kolmogorov(
                  n, [&] { return gradus::gamma(stream, shape); },
                  [&](double x) { return cdf(law, x); }) < kolmogorov_bound);
    }
    const boost::math::chi_squared law(3.0);
    REQUIRE(kolmogorov(
                n, [&] { return gradus::chi_squared(stream, 3.0); },
                [&](double x) { return cdf(law, x); }) < kolmogorov_bound);
  }
  // Control: the test sees a law that is off by a twentieth of a standard deviation.
  Stream stream(seeds[0], "control");
  REQUIRE(kolmogorov(
              n, [&] { return gradus::normal(stream) + 0.05; }, normal_cdf) > kolmogorov_bound);
}

TEST_CASE("moments of the normal, and of chi-squared up to 1e13 degrees of freedom") {
  // Mean and variance of n draws within 6 standard errors, 2e-9 each.
  constexpr int n = 100000;
  const double error = 6.0 / std::sqrt(n);
  for (const std::uint64_t seed : seeds) {
    Stream stream(seed, "moments");
    const Moments standard = moments(n, [&] { return gradus::normal(stream); });
    REQUIRE(std::abs(standard.mean) < error);
    REQUIRE(std::abs(standard.variance - 1.0) < error * std::sqrt(2.0));
    for (const double degrees : {1.0, 10.0, 1e6, 1e13}) {
      const Moments scaled = moments(n, [&] {
        return (gradus::chi_squared(stream, degrees) - degrees) / std::sqrt(2.0 * degrees);
      });
      REQUIRE(std::abs(scaled.mean) < error);
      // The kurtosis of chi-squared is 3 + 12 / degrees.
      REQUIRE(std::abs(scaled.variance - 1.0) < error * std::sqrt(2.0 + 12.0 / degrees));
    }
  }
}

TEST_CASE("a tiny gamma shape gives finite draws, a bad one an error") {
  Stream stream(1, "gamma");
  for (int i = 0; i < 1000; ++i) {
    const double x = gradus::gamma(stream, 1e-3);
    REQUIRE((std::isfinite(x) && x >= 0.0));
  }
  REQUIRE_THROWS_AS(gradus::gamma(stream, 0.0), gradus::ArgumentError);
  REQUIRE_THROWS_AS(gradus::gamma(stream, -1.0), gradus::ArgumentError);
  REQUIRE_THROWS_AS(gradus::gamma(stream, std::numeric_limits<double>::quiet_NaN()),
                    gradus::ArgumentError);
  REQUIRE_THROWS_AS(gradus::chi_squared(stream, std::numeric_limits<double>::infinity()),
                    gradus::ArgumentError);
}

TEST_CASE("uniform_index is unbiased") {
  for (const std::uint64_t seed : seeds) {
    Stream stream(seed, "index");
    for (const Index n : {2, 3, 7, 100}) {
      std::vector<int> counts(static_cast<std::size_t>(n));
      for (int i = 0; i < 20000; ++i) {
        ++counts[static_cast<std::size_t>(gradus::uniform_index(stream, n))];
      }
      REQUIRE(chi_squared_excess(counts) < 0.0);
    }
    // A range of 3/4 of 2^63, where a plain remainder or a plain multiplication would favour some
    // values by a half: thirds, and the remainder by 3.
    constexpr Index big = Index{3} << 61U;
    std::vector<int> thirds(3);
    std::vector<int> remainders(3);
    for (int i = 0; i < 20000; ++i) {
      const Index x = gradus::uniform_index(stream, big);
      REQUIRE((x >= 0 && x < big));
      ++thirds[static_cast<std::size_t>(x >> 61U)];
      ++remainders[static_cast<std::size_t>(x % 3)];
    }
    REQUIRE(chi_squared_excess(thirds) < 0.0);
    REQUIRE(chi_squared_excess(remainders) < 0.0);
  }
  Stream stream(1, "index");
  REQUIRE(gradus::uniform_index(stream, 1) == 0);
  REQUIRE_THROWS_AS(gradus::uniform_index(stream, 0), gradus::ArgumentError);
}

TEST_CASE("random permutations are uniform over all orders") {
  for (const std::uint64_t seed : seeds) {
    Stream stream(seed, "permutation");
    for (const Index n : {3, 4}) {
      std::vector<int> counts(n == 3 ? 6 : 24);
      for (int draw = 0; draw < 24000; ++draw) {
        const std::vector<Index> order = gradus::random_permutation(stream, n);
        std::size_t rank = 0; // Lehmer code
        for (std::size_t i = 0; i < order.size(); ++i) {
          std::size_t smaller = 0;
          for (std::size_t j = i + 1; j < order.size(); ++j) {
            smaller += order[j] < order[i] ? 1 : 0;
          }
          rank = rank * (order.size() - i) + smaller;
        }
        ++counts.at(rank);
      }
      REQUIRE(chi_squared_excess(counts) < 0.0);
    }
  }
  Stream stream(1, "permutation");
  REQUIRE(gradus::random_permutation(stream, 0).empty());
  REQUIRE(gradus::random_permutation(stream, 1) == std::vector<Index>{0});
  REQUIRE_THROWS_AS(gradus::random_permutation(stream, -1), gradus::ArgumentError);
  std::vector<Index> order = gradus::random_permutation(stream, 1000);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    REQUIRE(order[i] == static_cast<Index>(i));
  }
}

TEST_CASE("signs and bernoulli draws: frequencies and words taken") {
  constexpr int n = 100000;
  for (const std::uint64_t seed : seeds) {
    Stream stream(seed, "coins");
    const Moments sign = moments(n, [&] { return gradus::random_sign(stream); });
    REQUIRE(std::abs(sign.mean) < 6.0 / std::sqrt(n));
    REQUIRE(stream.position() == n);
    for (const double p : {0.0, 0.1, 0.75, 1.0}) {
      const Moments flip = moments(n, [&] { return gradus::bernoulli(stream, p) ? 1.0 : 0.0; });
      REQUIRE(std::abs(flip.mean - p) <= 6.0 * std::sqrt(p * (1 - p) / n));
    }
    REQUIRE(stream.position() == 5 * n);
  }
}
