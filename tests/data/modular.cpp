// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/data/modular.hpp>
#include <gradus/data/teacher.hpp>

using namespace gradus;
using data::ModularOperation;

TEST_CASE("modular: operations against their definitions") {
  for (const Index p : {2, 3, 7, 113}) {
    for (Index a = 0; a < p; ++a) {
      for (Index b = 0; b < p; ++b) {
        REQUIRE(data::modular(ModularOperation::add, a, b, p) == (a + b) % p);
        REQUIRE((data::modular(ModularOperation::subtract, a, b, p) + b) % p == a);
        REQUIRE(data::modular(ModularOperation::multiply, a, b, p) == (a * b) % p);
        if (b != 0) {
          REQUIRE(data::modular(ModularOperation::divide, a, b, p) * b % p == a);
        }
      }
    }
  }
}

TEST_CASE("modular: tables hold every pair once") {
  const auto table = data::modular_table<float>(ModularOperation::add, 5);
  REQUIRE(table.x.cols() == 25);
  for (Index i = 0; i < 25; ++i) {
    REQUIRE(table.x(0, i) == static_cast<float>(i / 5));
    REQUIRE(table.x(1, i) == static_cast<float>(5 + i % 5));
    REQUIRE(table.classes(i) == (i / 5 + i % 5) % 5);
  }
  const auto quotients = data::modular_table<double>(ModularOperation::divide, 5);
  REQUIRE(quotients.x.cols() == 20);
  REQUIRE(quotients.x.row(1).minCoeff() == 6); // b is never 0
  const Matrix<float> dense = data::one_hot(table.x, 10);
  REQUIRE(dense.rows() == 10);
  REQUIRE((dense.colwise().sum().array() == 2).all());
  REQUIRE(dense(3, 17) == 1); // a = 3
  REQUIRE(dense(7, 17) == 1); // b = 2
}

TEST_CASE("modular: sparse parity") {
  const auto samples = data::draw_sparse_parity<double>(10, 3, 400, Stream(1, "parity"));
  Index odd = 0;
  for (Index i = 0; i < 400; ++i) {
    const auto active = static_cast<Index>(samples.x.col(i).head(3).sum());
    REQUIRE(samples.classes(i) == active % 2);
    odd += samples.classes(i);
  }
  REQUIRE(std::abs(static_cast<double>(odd) - 200) < 6 * 10); // 10: standard deviation
  REQUIRE(std::abs(samples.x.mean() - 0.5) < 6 * 0.5 / std::sqrt(4000.0));
  REQUIRE(data::draw_sparse_parity<double>(3, 3, 0, Stream(1, "parity")).x.cols() == 0);
}

TEST_CASE("modular: bad arguments are named") {
  using support::message_of;
  for (const Index p : {-3, 0, 1, 4, 91, 10'007}) {
    REQUIRE(support::starts_with(message_of<ArgumentError>([&] {
                                   (void)data::modular_table<float>(ModularOperation::add, p);
                                 }),
                                 "prime is " + std::to_string(p)));
  }
  REQUIRE(message_of<ArgumentError>([] { (void)data::modular_operation("plus"); }) ==
          "operation is plus; valid: one of add, subtract, multiply, divide");
  REQUIRE(data::modular_operation("divide") == ModularOperation::divide);
  REQUIRE(message_of<ArgumentError>([] {
            (void)data::draw_sparse_parity<double>(3, 4, 1, Stream(1, "parity"));
          }) == "active is 4; valid: in [1, bits]");
  REQUIRE_THROWS_AS(data::one_hot(Matrix<double>(Matrix<double>::Constant(1, 1, 5.0)), 5),
                    ArgumentError);
}

TEST_CASE("teacher: targets are the teacher's, noise has its size") {
  const data::LinearTeacher setting{.dim = 30, .norm = 2, .noise = 0.5};
  const Vector<double> teacher = data::draw_teacher<double>(setting, Stream(1, "t"));
  REQUIRE(std::abs(teacher.squaredNorm() / 4 - 1) < 6 * std::sqrt(2 / 30.0));
  const auto samples = data::draw_regression(setting, teacher, 4000, Stream(2, "t"));
  const Vector<double> noise = samples.y - samples.x.transpose() * teacher;
  REQUIRE(std::abs(noise.squaredNorm() / 4000 / 0.25 - 1) < 6 * std::sqrt(2 / 4000.0));
  REQUIRE(std::abs(samples.x.squaredNorm() / 120'000 - 1) < 6 * std::sqrt(2 / 120'000.0));
  data::LinearTeacher silent = setting;
  silent.noise = 0;
  const auto clean = data::draw_regression(silent, teacher, 5, Stream(2, "t"));
  REQUIRE((clean.y - clean.x.transpose() * teacher).norm() < 1e-13);
  REQUIRE_THROWS_AS((void)data::draw_teacher<double>({.dim = 0}, Stream(1, "t")), ArgumentError);
  REQUIRE_THROWS_AS((void)data::draw_regression(setting, Vector<double>(3), 5, Stream(1, "t")),
                    ShapeError);
}
