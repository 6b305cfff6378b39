// SPDX-License-Identifier: BSD-3-Clause
// Risk of random features against the fixed point it comes from, 50-digit arithmetic and limits.
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <tuple>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/theory/random_features_risk.hpp>

using namespace gradus;
using theory::RandomFeaturesRisk;

namespace {

using Big = boost::multiprecision::cpp_bin_float_50;

/// The three polynomials as they are printed, and the root by bisection in c itself.
Big reference(const RandomFeaturesRisk& r) {
  const Big mu1 = r.activation.linear;
  const Big mus = r.activation.nonlinear;
  const Big z = mu1 * mu1 / (mus * mus);
  const Big p1 = r.features_ratio;
  const Big p2 = r.samples_ratio;
  const Big psi = p1 < p2 ? p1 : p2;
  const Big lam = Big(r.ridge) / (mus * mus);
  const Big b = psi * z - z - 1;
  Big high = (b + sqrt(b * b + 4 * z * psi)) / (2 * z);
  Big c = high;
  if (r.ridge > 0) {
    Big low = 0;
    for (int k = 0; k < 170; ++k) {
      c = (low + high) / 2;
      const Big g = c + z * c / (1 + z * c);
      ((p1 - g) * (p2 - g) > p1 * p2 * lam * c ? low : high) = c;
    }
  }
  const Big x = -c;
  const auto power = [](const Big& base, int k) { return Big(pow(base, k)); };
  const Big e0 = -power(x, 5) * power(z, 3) + 3 * power(x, 4) * power(z, 2) +
                 (p1 * p2 - p2 - p1 + 1) * power(x, 3) * power(z, 3) -
                 2 * power(x, 3) * power(z, 2) - 3 * power(x, 3) * z +
                 (p1 + p2 - 3 * p1 * p2 + 1) * power(x, 2) * power(z, 2) + 2 * power(x, 2) * z +
                 power(x, 2) + 3 * p1 * p2 * x * z - p1 * p2;
  const Big e1 = p2 * power(x, 3) * power(z, 2) - p2 * power(x, 2) * z + p1 * p2 * x * z - p1 * p2;
  const Big e2 = power(x, 5) * power(z, 3) - 3 * power(x, 4) * power(z, 2) +
                 (p1 - 1) * power(x, 3) * power(z, 3) + 2 * power(x, 3) * power(z, 2) +
                 3 * power(x, 3) * z + (-p1 - 1) * power(x, 2) * power(z, 2) - 2 * power(x, 2) * z -
                 power(x, 2);
  return Big(r.linear) * e1 / e0 + (Big(r.noise_variance) + r.nonlinear) * e2 / e0 + r.nonlinear;
}

RandomFeaturesRisk at(double p1, double p2, double ridge, double noise = 0.25) {
  return {.features_ratio = p1, .samples_ratio = p2, .ridge = ridge, .noise_variance = noise};
}

} // namespace

TEST_CASE("random features risk: the error estimate covers the error, edges included") {
  for (const double p1 : {0.01, 0.3, 2.7, 2.999, 3.0, 3.001, 3.3, 12.0, 1000.0}) {
    for (const double ridge : {0.0, 1e-14, 1e-8, 1e-3, 0.1, 10.0, 1e6}) {
      for (const double noise : {0.0, 0.25}) {
        if (ridge == 0 && p1 == 3) {
          continue;
        }
        INFO("psi_1 " << p1 << ", ridge " << ridge << ", noise " << noise);
        const auto setting = at(p1, 3, ridge, noise);
        const auto [value, error] = setting.risk();
        const Big exact = reference(setting);
        REQUIRE(std::isfinite(value));
        REQUIRE(value > 0);
        REQUIRE(abs(Big(value) - exact) <= Big(error));
        REQUIRE(error < 1e-6 * value); // and is worth having
        if (ridge >= 1e-3) {
          REQUIRE(error < 1e-13 * value);
        }
      }
    }
  }
}

TEST_CASE("random features risk: the root is the fixed point of the resolvent equations") {
  // nu_k = psi_k / (-xi - nu_l - z nu_l / (1 - z nu_1 nu_2)) at xi = i sqrt(psi_1 psi_2 lam'),
  // x = nu_1 nu_2: damped iteration ends where the real equation that risk() solves holds.
  using C = std::complex<double>;
  for (const auto& [p1, p2, ridge] :
       {std::tuple{2.0, 3.0, 0.1}, {3.0, 3.0, 0.5}, {5.0, 3.0, 0.01}}) {
    auto setting = at(p1, p2, ridge);
    const double mus2 = setting.activation.nonlinear * setting.activation.nonlinear;
    const double z = setting.activation.linear * setting.activation.linear / mus2;
    const C xi(0, std::sqrt(p1 * p2 * ridge / mus2));
    C first(0, 0.1);
    C second(0, 0.1);
    for (int k = 0; k < 20000; ++k) {
      const C product = 1.0 - z * first * second;
      const C next = p1 / (-xi - second - z * second / product);
      const C other = p2 / (-xi - first - z * first / product);
      first = 0.5 * (first + next);
      second = 0.5 * (second + other);
    }
    const C x = first * second;
    REQUIRE(std::abs(x.imag()) < 1e-12);
    const double c = -x.real();
    REQUIRE(c > 0);
    const double g = c + z * c / (1 + z * c);
    REQUIRE(std::abs((p1 - g) * (p2 - g) - p1 * p2 * ridge / mus2 * c) < 1e-10);
  }
}

TEST_CASE("random features risk: limits") {
  // No features, no samples, a huge penalty: nothing is learned.
  REQUIRE(std::abs(at(1e-9, 3, 0).risk().value - 1) < 1e-6);
  REQUIRE(std::abs(at(3, 1e-9, 0).risk().value - 1) < 1e-6);
  REQUIRE(std::abs(at(3, 3, 1e12).risk().value - 1) < 1e-9);
  // Ridgeless is the limit of small ridges, away from N = n.
  for (const double p1 : {1.0, 2.9, 3.1, 9.0}) {
    REQUIRE(std::abs(at(p1, 3, 1e-13).risk().value / at(p1, 3, 0).risk().value - 1) < 1e-8);
  }
  // Divergence as 1 / |1 - N / n|, and infinity there.
  const double ratio = at(0.9999 * 3, 3, 0).risk().value / at(0.999 * 3, 3, 0).risk().value;
  REQUIRE(std::abs(ratio - 10) < 0.2);
  REQUIRE(std::isinf(at(3, 3, 0).risk().value));
  REQUIRE(std::isinf(at(3, 3, 0, 0).risk().value)); // what is not linear in f is noise enough
  REQUIRE(at(3, 3, 1e-3).risk().value < 10);
  // Linear in the variances; a part without linear share counts as noise and stays.
  auto plain = at(2, 3, 0.01, 0);
  auto noisy = at(2, 3, 0.01, 1);
  auto bent = at(2, 3, 0.01, 0);
  bent.nonlinear = 1;
  REQUIRE(std::abs(bent.risk().value - noisy.risk().value - 1) < 1e-13);
  plain.linear = 0;
  REQUIRE(plain.risk().value == 0);
  plain.ridge = 0;
  plain.features_ratio = 3;
  REQUIRE(plain.risk().value == 0);
}

TEST_CASE("random features risk: the best ridge beats its neighbours and never grows with N") {
  double before = std::numeric_limits<double>::infinity();
  for (const double p1 : {0.3, 1.0, 2.0, 2.9, 3.0, 3.1, 5.0, 12.0, 60.0}) {
    const auto setting = at(p1, 3, 0);
    const auto best = setting.optimal_ridge();
    for (const double factor : {0.5, 0.9, 1.1, 2.0}) {
      REQUIRE(best.risk <= at(p1, 3, std::clamp(best.ridge * factor, 1e-5, 1e2)).risk().value);
    }
    REQUIRE(best.risk <= before);
    before = best.risk;
  }
  // Without noise or need of a penalty the range's end is the best there is.
  REQUIRE(std::abs(at(1000, 3, 0, 0).optimal_ridge(0.5, 1).ridge - 0.5) < 1e-3);
}

TEST_CASE("random features risk: bad arguments are named") {
  const auto says = [](const RandomFeaturesRisk& r) {
    return support::message_of<ArgumentError>([&] { (void)r.risk(); });
  };
  REQUIRE(says(at(0, 3, 0)) == "features_ratio is 0; valid: > 0, finite");
  REQUIRE(says(at(1, -1, 0)) == "samples_ratio is -1; valid: > 0, finite");
  REQUIRE(says(at(1, 3, -0.1)) == "ridge is -0.1; valid: >= 0, finite");
  REQUIRE(says(at(1, 3, 0, -0.5)) == "noise_variance is -0.5; valid: >= 0, finite");
  REQUIRE(says(at(1, 3, std::nan(""))) == "ridge is nan; valid: >= 0, finite");
  auto flat = at(1, 3, 0);
  flat.activation.nonlinear = 0;
  REQUIRE(says(flat) == "activation.nonlinear is 0; valid: > 0, finite");
  REQUIRE_THROWS_AS(at(1, 3, 0).optimal_ridge(1, 0.5), ArgumentError);
  REQUIRE_THROWS_AS(at(1, 3, 0).optimal_ridge(0, 0.5), ArgumentError);
}
