// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/metrics/classification.hpp>

using namespace gradus;

namespace {
const double not_a_number = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("binary accuracy counts positive margins; zero and NaN are wrong") {
  Matrix<double> f(1, 5);
  f << 2.0, -1.0, 0.0, not_a_number, -3.0;
  Vector<double> labels(5);
  labels << 1, 1, 1, 1, -1;
  REQUIRE(metrics::binary_accuracy(f, labels) == 0.4);
  const Vector<double> column = f.transpose();
  REQUIRE(metrics::binary_accuracy(column, labels) == 0.4);
  REQUIRE(metrics::margins(f, labels)(4) == 3.0);
}

TEST_CASE("accuracy of no samples, or of an empty group, is NaN") {
  const Matrix<double> none(1, 0);
  REQUIRE(std::isnan(metrics::binary_accuracy(none, Vector<double>())));
  Matrix<double> f(1, 2);
  f << 1, -1;
  const Vector<double> labels = Vector<double>::Ones(2);
  REQUIRE(metrics::group_accuracy(f, labels, [](Index i) { return i == 0; }) == 1.0);
  REQUIRE(metrics::group_accuracy(f, labels, [](Index i) { return i == 1; }) == 0.0);
  REQUIRE(std::isnan(metrics::group_accuracy(f, labels, [](Index) { return false; })));
}

TEST_CASE("class accuracy: a tie is wrong, one class is always right") {
  Matrix<double> logits(3, 3);
  logits << 1, 2, 0, // sample 0: a tie of classes 0 and 1
      1, 0, 0,       //
      0, 1, 5;
  Vector<Index> classes(3);
  classes << 0, 0, 2;
  REQUIRE(metrics::class_accuracy(logits, classes) == 2.0 / 3.0);
  REQUIRE(metrics::class_accuracy(Matrix<double>(logits.topRows(1)), Vector<Index>::Zero(3)) == 1);
  classes(1) = 3;
  REQUIRE(support::starts_with(
      support::message_of<ArgumentError>([&] { (void)metrics::class_accuracy(logits, classes); }),
      "class is 3"));
}

TEST_CASE("labels of another number than outputs are a ShapeError") {
  REQUIRE_THROWS_AS(metrics::binary_accuracy(Matrix<double>::Ones(1, 3), Vector<double>::Ones(2)),
                    ShapeError);
}
