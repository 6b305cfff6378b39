// SPDX-License-Identifier: BSD-3-Clause
// What holds for every update rule: it descends, treats all coordinates alike, can be taken up
// again, is differentiable, and names what is wrong.
#include <cmath>
#include <complex>
#include <limits>
#include <string>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "catch.hpp"
#include "optim/rule_list.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/optim/descend.hpp>

using namespace gradus;

namespace {

/// The point after some steps along gradients that depend on the coordinate and the step alone.
template <class T, class Rule>
Vector<T> steps_of(const Rule& rule, const Vector<T>& start, const Matrix<T>& gradients) {
  Vector<T> theta = start;
  auto state = rule.make_state(theta.size());
  for (Index k = 0; k < gradients.cols(); ++k) {
    rule.update(theta, gradients.col(k), state);
  }
  return theta;
}

} // namespace

TEST_CASE("rules: every one finds the minimum of a bowl") {
  support::for_every_rule<double>([](const char* name, const auto& rule) {
    INFO(name);
    objective::Quadratic<double> bowl(Vector<double>::LinSpaced(5, 0.5, 2.0));
    Vector<double> theta = support::normal_vector("start", 5);
    const double first = bowl.value(theta);
    // AdaDelta needs some thousand steps to get under way.
    (void)optim::descend(bowl, theta, rule, {.steps = 5000});
    REQUIRE(bowl.value(theta) < 0.01 * first);
  });
}

TEST_CASE("rules: all coordinates are treated alike, wherever they lie and whoever works on them") {
  const auto check = [](auto scalar) {
    using T = decltype(scalar);
    support::for_every_plain_rule<T>([](const char* name, const auto& rule) {
      // Below a register's width, around it, and beyond the point where threads take over.
      for (const Index size : {1, 3, 4, 5, 15, 17, 1025, 70'001}) {
        INFO(name << ", size " << size);
        const Vector<T> start = support::normal_vector("start", size).template cast<T>();
        const Matrix<T> g = support::normal_matrix("g", size, 3).template cast<T>();
        const Vector<T> whole = steps_of<T>(rule, start, g);
        REQUIRE(whole.allFinite());
        bool alike = true;
        for (Index i = 0; i < size; i += std::max<Index>(1, size / 50)) {
          const Vector<T> alone = steps_of<T>(rule, start.segment(i, 1), g.row(i));
          alike = alike && alone(0) == whole(i) && whole(i) != start(i);
        }
        REQUIRE(alike);
      }
    });
  };
  check(float{});
  check(double{});
}

TEST_CASE("rules: same bits for 1, 2 and 3 threads") {
  const Index size = 200'003;
  const Vector<float> start = support::normal_vector("start", size).cast<float>();
  const Matrix<float> g = support::normal_matrix("g", size, 2).cast<float>();
  support::for_every_rule<float>([&](const char* name, const auto& rule) {
    INFO(name);
    const auto with = [&]([[maybe_unused]] int threads) {
#ifdef _OPENMP
      omp_set_num_threads(threads);
#endif
      const Vector<float> theta = steps_of<float>(rule, start, g);
#ifdef _OPENMP
      omp_set_num_threads(2);
#endif
      return theta;
    };
    const Vector<float> one = with(1);
    REQUIRE(with(2) == one);
    REQUIRE(with(3) == one);
  });
}

TEST_CASE("rules: a run taken up from a copied state goes on with the same bits") {
  support::for_every_rule<double>([](const char* name, const auto& rule) {
    INFO(name);
    const Matrix<double> g = support::normal_matrix("g", 7, 20);
    Vector<double> theta = support::normal_vector("start", 7);
    auto state = rule.make_state(7);
    for (int k = 0; k < 10; ++k) {
      rule.update(theta, g.col(k), state);
    }
    REQUIRE(state.step == 10);
    Vector<double> resumed = theta;
    auto saved = state;
    for (int k = 10; k < 20; ++k) {
      rule.update(theta, g.col(k), state);
    }
    REQUIRE(resumed != theta);
    for (int k = 10; k < 20; ++k) {
      rule.update(resumed, g.col(k), saved);
    }
    REQUIRE(resumed == theta);
    REQUIRE(saved.step == 20);
  });
}

TEST_CASE("rules: a learning rate of 0 goes nowhere, no parameters are no error") {
  support::for_every_plain_rule<double>([](const char* name, auto rule) {
    INFO(name);
    rule.learning_rate = 0;
    const Vector<double> start = support::normal_vector("start", 5);
    REQUIRE(steps_of<double>(rule, start, support::normal_matrix("g", 5, 3)) == start);
    REQUIRE(steps_of<double>(rule, Vector<double>(0), Matrix<double>(0, 3)).size() == 0);
  });
}

TEST_CASE("rules: float and long double follow double, each to its precision") {
  const Vector<double> start = support::normal_vector("start", 9);
  const Matrix<double> g = support::normal_matrix("g", 9, 20);
  std::vector<Vector<double>> points;
  support::for_every_rule<double>(
      [&](const char*, const auto& rule) { points.push_back(steps_of<double>(rule, start, g)); });
  const auto check = [&](auto scalar, double bound) {
    using T = decltype(scalar);
    std::size_t i = 0;
    support::for_every_rule<T>([&](const char* name, const auto& rule) {
      INFO(name);
      const Vector<T> point = steps_of<T>(rule, start.template cast<T>(), g.template cast<T>());
      REQUIRE((point.template cast<double>() - points[i++]).cwiseAbs().maxCoeff() < bound);
    });
  };
  // Twenty steps with some ten roundings each, of numbers of order 1. The hyper-parameters of the
  // float rules are rounded too.
  check(float{}, 400 * 0x1p-24);
  check(static_cast<long double>(0), 400 * 0x1p-53);
}

TEST_CASE("rules: a step is differentiable in a gradient: complex step against differences") {
  using Complex = support::Complex;
  const Vector<double> start = support::normal_vector("start", 1);
  const Matrix<double> g = support::normal_matrix("g", 1, 4);
  std::vector<double> slopes;
  support::for_every_plain_rule<double>([&](const char*, const auto& rule) {
    const auto end = [&](double h) {
      Matrix<double> moved = g;
      moved(0, 1) += h;
      return steps_of<double>(rule, start, moved)(0);
    };
    const double h = 1e-4;
    slopes.push_back((8 * (end(h) - end(-h)) - (end(2 * h) - end(-2 * h))) / (12 * h));
  });
  std::size_t i = 0;
  support::for_every_plain_rule<Complex>([&](const char* name, const auto& rule) {
    INFO(name);
    Matrix<Complex> moved = g.cast<Complex>();
    moved(0, 1) += Complex(0, support::complex_step);
    const double slope =
        steps_of<Complex>(rule, start.cast<Complex>(), moved)(0).imag() / support::complex_step;
    // The differences' own error: h^4 times fifth derivatives, and 1e-16 / h of rounding.
    REQUIRE(std::abs(slope - slopes[i]) < 1e-9 + 1e-8 * std::abs(slope));
    // A sign is flat; every other step depends on the gradient's size.
    REQUIRE((slope == 0) == (std::string(name) == "sign descent"));
    ++i;
  });
}

TEST_CASE("rules: sizes that differ are refused by name") {
  support::for_every_rule<double>([](const char* name, const auto& rule) {
    INFO(name);
    Vector<double> theta = Vector<double>::Zero(3);
    auto state = rule.make_state(3);
    REQUIRE(support::message_of<ShapeError>([&] {
              rule.update(theta, Vector<double>::Ones(2), state);
            }) == "gradient is of shape 2; valid: 3");
    REQUIRE(theta.isZero(0.0));
    auto other = rule.make_state(4);
    // Two remember nothing.
    if (std::string(name) != "sgd" && std::string(name) != "sign descent") {
      REQUIRE(support::message_of<ShapeError>([&] {
                rule.update(theta, Vector<double>::Ones(3), other);
              }) == "state is of shape 4; valid: 3");
      REQUIRE(theta.isZero(0.0));
    }
  });
}

TEST_CASE("rules: a gradient that is not finite is an error that names the first such entry") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const Index size : {1, 6, 70'000}) {
    for (const double bad : {nan, inf, -inf}) {
      Vector<double> g = Vector<double>::Ones(size);
      g(size - 1) = bad;
      support::for_every_plain_rule<double>([&](const char* name, const auto& rule) {
        INFO(name);
        Vector<double> theta = Vector<double>::Zero(size);
        auto state = rule.make_state(size);
        const std::string message =
            support::message_of<ArgumentError>([&] { rule.update(theta, g, state); });
        REQUIRE(support::starts_with(message, "gradient(" + std::to_string(size - 1) + ", 0) is "));
      });
    }
  }
  // Any other number type is checked too.
  const optim::Adam<std::complex<double>> adam{};
  Vector<std::complex<double>> theta = Vector<std::complex<double>>::Zero(2);
  auto state = adam.make_state(2);
  Vector<std::complex<double>> g = theta;
  g(1) = {0, nan};
  REQUIRE_THROWS_AS(adam.update(theta, g, state), ArgumentError);
  // The largest finite numbers are no error.
  const optim::Sgd<float> sgd{.learning_rate = 0};
  Vector<float> one = Vector<float>::Zero(1);
  optim::Sgd<float>::State none;
  sgd.update(one, Vector<float>::Constant(1, std::numeric_limits<float>::max()), none);
  REQUIRE(one(0) == 0);
}

TEST_CASE("rules: a hyper-parameter out of range is named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto says = [](const auto& rule) {
    return support::message_of<ArgumentError>([&] { rule.validate(); });
  };
  support::for_every_plain_rule<double>([&](const char* name, const auto& rule) {
    INFO(name);
    REQUIRE(says(rule) == "no error");
    auto bad = rule;
    bad.learning_rate = -0.5;
    REQUIRE(says(bad) == "learning_rate is -0.5; valid: >= 0, finite");
    bad.learning_rate = nan;
    REQUIRE(support::starts_with(says(bad), "learning_rate is nan"));
    bad = rule;
    bad.weight_decay = inf;
    REQUIRE(says(bad) == "weight_decay is inf; valid: >= 0, finite");
    if constexpr (requires { bad.beta1; }) {
      for (auto [member, text] :
           {std::pair{&decltype(bad)::beta1, "beta1"}, {&decltype(bad)::beta2, "beta2"}}) {
        bad = rule;
        bad.*member = 1.0;
        REQUIRE(says(bad) == std::string(text) + " is 1; valid: in [0, 1)");
        bad.*member = -0.1;
        REQUIRE(says(bad) == std::string(text) + " is -0.1; valid: in [0, 1)");
        bad.*member = 0.0;
        REQUIRE(says(bad) == "no error");
      }
    }
    if constexpr (requires { bad.epsilon; }) {
      bad = rule;
      bad.epsilon = -1;
      REQUIRE(support::starts_with(says(bad), "epsilon is -1; valid: >"));
    }
  });
  REQUIRE(says(optim::Adadelta<double>{.rho = 1}) == "rho is 1; valid: in [0, 1)");
  REQUIRE(says(optim::Adadelta<double>{.epsilon = 0}) == "epsilon is 0; valid: > 0, finite");
  REQUIRE(says(optim::Rmsprop<double>{.alpha = -1}) == "alpha is -1; valid: in [0, 1)");
  REQUIRE(says(optim::Rmsprop<double>{.momentum = 1}) == "momentum is 1; valid: in [0, 1)");
  REQUIRE(says(optim::Adagrad<double>{.learning_rate_decay = -1}) ==
          "learning_rate_decay is -1; valid: >= 0, finite");
  REQUIRE(says(optim::Adagrad<double>{.initial_sum = nan}) ==
          "initial_sum is nan; valid: >= 0, finite");
  // descend() asks before it starts.
  objective::Quadratic<double> bowl(Vector<double>::Ones(2));
  Vector<double> theta = Vector<double>::Ones(2);
  REQUIRE_THROWS_AS(
      (void)optim::descend(bowl, theta, optim::Adam<double>{.beta1 = 1}, {.steps = 1}),
      ArgumentError);
}

TEST_CASE("rules: memory is taken for what is used") {
  REQUIRE(optim::Rmsprop<double>{}.make_state(9).mean.size() == 0);
  REQUIRE(optim::Rmsprop<double>{}.make_state(9).buffer.size() == 0);
  REQUIRE(optim::Rmsprop<double>{.centered = true}.make_state(9).mean.size() == 9);
  REQUIRE(optim::Adam<double>{}.make_state(9).largest.size() == 0);
  REQUIRE(optim::Adam<double>{}.make_state(9).previous.size() == 0);
  REQUIRE(optim::AdamW<double>{}.make_state(9).largest.size() == 0);
  REQUIRE(optim::AdamW<double>{.amsgrad = true}.make_state(9).largest.size() == 9);
  REQUIRE(optim::DiffGrad<double>{}.make_state(9).largest.size() == 0);
  REQUIRE(optim::DiffGrad<double>{}.make_state(9).previous.size() == 9);
}
