// SPDX-License-Identifier: BSD-3-Clause
#include <limits>
#include <string>

#include "catch.hpp"
#include <gradus/core/error.hpp>

using gradus::ArgumentError;
using gradus::Index;
using gradus::ShapeError;

namespace {

/// What body throws as an ArgumentError, or "" if nothing.
template <class Body>
std::string message_of(Body&& body) {
  try {
    body();
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("an argument error names argument, value and valid range in one line") {
  const ArgumentError error("rate", "-1", "> 0");
  REQUIRE(std::string(error.what()) == "rate is -1; valid: > 0");
  REQUIRE(error.argument() == "rate");
  REQUIRE(error.value() == "-1");
  REQUIRE(error.valid() == "> 0");
  REQUIRE(message_of([] { gradus::require(false, "n", Index{-3}, ">= 1"); }) ==
          "n is -3; valid: >= 1");
  REQUIRE(message_of([] { gradus::require(true, "n", Index{3}, ">= 1"); }).empty());
  REQUIRE_THROWS_AS(gradus::require(false, "x", 0.1, "x"), std::invalid_argument);
}

TEST_CASE("a shape error names both shapes") {
  const gradus::Matrix<double> m(3, 4);
  REQUIRE(message_of([&] { gradus::require_shape(m, "W", 4, 3); }) ==
          "W is of shape 3 x 4; valid: 4 x 3");
  REQUIRE(message_of([&] { gradus::require_shape(m, "W", 3, 4); }).empty());
  const gradus::Vector<float> v(5);
  REQUIRE(message_of([&] { gradus::require_size(v, "y", 2); }) == "y is of shape 5; valid: 2");
  REQUIRE_THROWS_AS(gradus::require_size(v, "y", 2), ShapeError);
  const gradus::Matrix<double> empty(0, 4);
  REQUIRE(message_of([&] { gradus::require_shape(empty, "W", 0, 4); }).empty());
}

TEST_CASE("require_finite names the first bad entry") {
  gradus::Matrix<double> m = gradus::Matrix<double>::Ones(2, 3);
  REQUIRE(message_of([&] { gradus::require_finite(m, "x"); }).empty());
  m(1, 2) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(message_of([&] { gradus::require_finite(m, "x"); }) ==
          "x(1, 2) is nan; valid: a finite number");
  m(0, 1) = -std::numeric_limits<double>::infinity();
  REQUIRE(message_of([&] { gradus::require_finite(m, "x"); }) ==
          "x(0, 1) is -inf; valid: a finite number");
  REQUIRE(message_of([] { gradus::require_finite(gradus::Matrix<double>(0, 0), "x"); }).empty());
}
