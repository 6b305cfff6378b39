// SPDX-License-Identifier: BSD-3-Clause
#include <complex>
#include <cstdint>

#include "catch.hpp"
#include <gradus/core/buffer.hpp>

TEST_CASE("a buffer grows to the largest request and then stays where it is") {
  gradus::Buffer<double> buffer;
  auto large = buffer.matrix(7, 11);
  REQUIRE(large.rows() == 7);
  REQUIRE(large.cols() == 11);
  large.setConstant(3.0);
  const double* const where = large.data();
  REQUIRE(buffer.matrix(11, 7).data() == where);
  REQUIRE(buffer.matrix(2, 3).data() == where);
  REQUIRE(buffer.vector(77).data() == where);
  REQUIRE(buffer.vector(77).sum() == 3.0 * 77); // the contents stay
  auto larger = buffer.vector(78);
  REQUIRE(larger.size() == 78);
  larger.setZero();
  REQUIRE(buffer.matrix(1, 78).data() == larger.data());
}

TEST_CASE("a buffer may be asked for nothing, and is aligned for vector instructions") {
  gradus::Buffer<float> buffer;
  REQUIRE(buffer.matrix(0, 5).size() == 0);
  REQUIRE(buffer.matrix(0, 5).cols() == 5);
  REQUIRE(buffer.vector(0).size() == 0);
  REQUIRE(reinterpret_cast<std::uintptr_t>(buffer.vector(3).data()) % EIGEN_MAX_ALIGN_BYTES == 0);
  gradus::Buffer<std::complex<double>> other;
  REQUIRE(other.matrix(2, 2).size() == 4);
}
