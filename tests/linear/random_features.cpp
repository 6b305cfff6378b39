// SPDX-License-Identifier: BSD-3-Clause
// Random features: laws, nesting, kernels; and sweeps over their width.
#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/linear/random_features.hpp>
#include <gradus/theory/arc_cosine.hpp>

using namespace gradus;
using namespace gradus::linear;

TEST_CASE("random features: nested in width, block by block") {
  const Stream stream(3, "map");
  const Matrix<double> x = support::normal_matrix("x", 5, 7);
  const auto check = [&](const auto& wide, const auto& narrow) {
    const Matrix<double> all = wide(x);
    REQUIRE(all.topRows(4) == narrow(x));
    REQUIRE(all.topRows(3) == wide.features(x, 3));
    Matrix<double> block(5, 7);
    Buffer<double> scratch;
    wide.features(x, 2, block, scratch);
    REQUIRE((block - all.middleRows(2, 5)).cwiseAbs().maxCoeff() < 1e-15);
  };
  for (const Directions law : {Directions::gaussian, Directions::sphere}) {
    const RandomFeaturesOptions options{.directions = law, .scale = 0.4};
    check(RandomFeatures<double>(5, 9, stream, options),
          RandomFeatures<double>(5, 4, stream, options));
    check(RandomFeatures<double, nn::Tanh>(5, 9, stream, options),
          RandomFeatures<double, nn::Tanh>(5, 4, stream, options));
    check(RandomFeatures<double, Cosine>(5, 9, stream, options),
          RandomFeatures<double, Cosine>(5, 4, stream, options));
  }
}

TEST_CASE("random features: entries are f of the scaled products") {
  const Stream stream(4, "map");
  const Matrix<double> x = support::normal_matrix("x", 3, 4);
  const RandomFeaturesOptions options{.directions = Directions::sphere, .scale = 2};
  const RandomFeatures<double, nn::Tanh> map(3, 6, stream, options);
  const Matrix<double> z = 2 * map.directions().transpose() * x;
  REQUIRE((map(x).array() - z.array().tanh()).abs().maxCoeff() < 1e-14);
  REQUIRE((map.weights() * x - z).cwiseAbs().maxCoeff() < 1e-14);
  REQUIRE((map.directions().colwise().norm().array() - std::sqrt(3.0)).abs().maxCoeff() < 1e-14);
  const RandomFeatures<double, nn::Relu> rectified(3, 6, stream, options);
  REQUIRE((rectified(x) - z.cwiseMax(0)).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("random features: many of them give their kernel") {
  const Stream stream(5, "map");
  const Matrix<double> x = support::normal_matrix("x", 2, 3);
  constexpr Index width = 200000;
  const Matrix<double> expected = theory::arc_cosine_kernel(x.transpose(), x.transpose());
  const Matrix<double> z = RandomFeatures<double>(2, width, stream)(x);
  // A product of two features has at most some 4 times its mean as standard deviation.
  REQUIRE((z.transpose() * z / width - expected).cwiseAbs().maxCoeff() <
          5 * 4 * expected.maxCoeff() / std::sqrt(static_cast<double>(width)));
  const double scale = 0.7;
  const Matrix<double> c = RandomFeatures<double, Cosine>(2, width, stream, {.scale = scale})(x);
  const Matrix<double> kernel = 2 * c.transpose() * c / width;
  for (Index i = 0; i < 3; ++i) {
    for (Index j = 0; j < 3; ++j) {
      const double square = (x.col(i) - x.col(j)).squaredNorm();
      REQUIRE(std::abs(kernel(i, j) - std::exp(-scale * scale * square / 2)) <
              5 * 2 / std::sqrt(static_cast<double>(width)));
    }
  }
}

TEST_CASE("random features: float, one input, one feature, bad arguments") {
  const Stream stream(6, "map");
  const RandomFeatures<float> map(1, 1, stream, {.directions = Directions::sphere});
  REQUIRE(std::abs(std::abs(map.directions()(0, 0)) - 1.0F) < 1e-6F);
  REQUIRE(map(Matrix<float>(1, 0)).cols() == 0);
  const auto says = [](auto&& call) { return support::message_of<ArgumentError>(call); };
  using Map = RandomFeatures<double>;
  REQUIRE(says([&] { Map(0, 1, stream); }) == "dim is 0; valid: >= 1");
  REQUIRE(says([&] { Map(1, 0, stream); }) == "width is 0; valid: >= 1");
  REQUIRE(says([&] { Map(1, 1, stream, {.scale = -1}); }) == "scale is -1; valid: >= 0, finite");
  REQUIRE(says([&] { (void)Map(2, 3, stream)(Matrix<double>::Ones(3, 1)); }) ==
          "x is of shape 3 x 1; valid: 2 x 1");
  REQUIRE(support::starts_with(
      says([&] { (void)Map(2, 3, stream).features(Matrix<double>::Ones(2, 1), 4); }),
      "first + count is 4"));
}
