// SPDX-License-Identifier: BSD-3-Clause
// Every rule against the trajectories of torch.optim and of diffGrad's authors
// (reference/README.md).
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include <gradus/objective/piecewise.hpp>
#include <gradus/optim/adadelta.hpp>
#include <gradus/optim/adagrad.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/adamw.hpp>
#include <gradus/optim/amsgrad.hpp>
#include <gradus/optim/diffgrad.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/nesterov.hpp>
#include <gradus/optim/rmsprop.hpp>
#include <gradus/optim/sgd.hpp>

namespace {

using namespace gradus;

/// Points and gradients of one problem, a column a step.
struct Trajectory {
  Matrix<double> x;
  Matrix<double> g;
};

std::map<std::string, Trajectory> read(const std::string& name) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "reference" / (name + ".csv");
  INFO(path.string());
  std::ifstream file(path);
  REQUIRE(file);
  std::map<std::string, std::vector<std::vector<double>>> rows; // problem -> step, coord, x, g
  std::string line;
  std::getline(file, line);
  REQUIRE(line == "problem,step,coord,x,g");
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string problem;
    std::getline(fields, problem, ',');
    std::vector<double> row;
    for (std::string field; std::getline(fields, field, ',');) {
      row.push_back(std::stod(field));
    }
    REQUIRE(row.size() == 4);
    rows[problem].push_back(row);
  }
  std::map<std::string, Trajectory> result;
  for (const auto& [problem, list] : rows) {
    double steps = 0;
    double dim = 0;
    for (const auto& row : list) {
      steps = std::max(steps, row[0] + 1);
      dim = std::max(dim, row[1] + 1);
    }
    REQUIRE(steps * dim == static_cast<double>(list.size()));
    Trajectory t{{static_cast<Index>(dim), static_cast<Index>(steps)}, {}};
    t.g = t.x;
    for (const auto& row : list) {
      t.x(static_cast<Index>(row[1]), static_cast<Index>(row[0])) = row[2];
      t.g(static_cast<Index>(row[1]), static_cast<Index>(row[0])) = row[3];
    }
    result[problem] = t;
  }
  return result;
}

/// Largest deviation from the reference points, relative to max(1, |x|), of the points that the
/// rule reaches from the first one; `gradient(theta, step)` is what it is fed.
template <class Rule, class Gradient>
double deviation(const Trajectory& reference, const Rule& rule, const Gradient& gradient) {
  rule.validate();
  Vector<double> theta = reference.x.col(0);
  auto state = rule.make_state(theta.size());
  double worst = 0;
  for (Index k = 0; k + 1 < reference.x.cols(); ++k) {
    rule.update(theta, gradient(theta, k), state);
    for (Index i = 0; i < theta.size(); ++i) {
      const double expected = reference.x(i, k + 1);
      worst = std::max(worst, std::abs(theta(i) - expected) / std::max(1.0, std::abs(expected)));
    }
  }
  return worst;
}

/// The gradient of a reference problem; none for "given5", whose gradients are prescribed.
Vector<double> gradient_of(const std::string& problem, const Vector<double>& theta) {
  Vector<double> g(theta.size());
  if (problem == "f1") {
    objective::TwoParabolas<double>{}.value_and_gradient(theta, g);
  } else if (problem == "f2" || problem == "f2_notebook_gradient") {
    objective::CubicWave<double>(problem != "f2").value_and_gradient(theta, g);
  } else if (problem == "f3") {
    objective::ThreeBasins<double>{}.value_and_gradient(theta, g);
  } else {
    Matrix<double> a = Vector<double>{{4, 3, 2, 1, 0.5}}.asDiagonal();
    a.diagonal(1) << 1, -1, 0.5, -0.25;
    a.diagonal(-1) = a.diagonal(1);
    g = a * theta - Vector<double>{{1, -2, 0.5, 0, 1}};
  }
  return g;
}

/// Replays a file (recorded gradients: no error is fed back) and runs it in closed loop (gradients
/// evaluated at our own points), with the bounds that the data come with.
template <class Rule>
void follows(const std::string& name, const Rule& rule) {
  const auto problems = read(name);
  REQUIRE(problems.size() == (name.starts_with("notebook") ? 4 : 5));
  for (const auto& [problem, trajectory] : problems) {
    INFO(name << " on " << problem);
    REQUIRE(trajectory.x.cols() == 51);
    const Matrix<double>& g = trajectory.g;
    const auto recorded = [&g](const Vector<double>& /*theta*/, Index k) { return g.col(k); };
    REQUIRE(deviation(trajectory, rule, recorded) < 1e-12);
    // The comparison can fail: with a slightly other rate it does.
    Rule other = rule;
    other.learning_rate *= 1.0001;
    REQUIRE(deviation(trajectory, other, recorded) > 1e-6);
    if (problem != "given5") {
      const std::string& what = problem;
      REQUIRE(deviation(trajectory, rule, [&what](const Vector<double>& theta, Index /*k*/) {
                return gradient_of(what, theta);
              }) < 1e-9);
    }
  }
}

} // namespace

TEST_CASE("reference: gradient descent with and without momentum") {
  using Sgd = optim::Sgd<double>;
  using Momentum = optim::Momentum<double>;
  using Nesterov = optim::Nesterov<double>;
  follows("sgd", Sgd{.learning_rate = 0.01});
  follows("sgd_wd", Sgd{.learning_rate = 0.01, .weight_decay = 0.1});
  follows("momentum", Momentum{.learning_rate = 0.01, .momentum = 0.9});
  follows("momentum_wd", Momentum{.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1});
  follows("momentum_dampening", Momentum{.learning_rate = 0.02, .momentum = 0.9, .dampening = 0.5});
  follows("nesterov", Nesterov{.learning_rate = 0.01, .momentum = 0.9});
  follows("nesterov_wd", Nesterov{.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1});
}

TEST_CASE("reference: AdaGrad, AdaDelta, RMSProp") {
  using Rmsprop = optim::Rmsprop<double>;
  follows("adagrad", optim::Adagrad<double>{.learning_rate = 0.1});
  follows("adagrad_decay", optim::Adagrad<double>{.learning_rate = 0.1,
                                                  .learning_rate_decay = 0.01,
                                                  .initial_sum = 0.1,
                                                  .weight_decay = 0.01});
  follows("adadelta", optim::Adadelta<double>{});
  follows("adadelta_wd",
          optim::Adadelta<double>{.learning_rate = 0.5, .rho = 0.95, .weight_decay = 0.01});
  follows("rmsprop", Rmsprop{.learning_rate = 0.01});
  follows("rmsprop_momentum", Rmsprop{.learning_rate = 0.01, .momentum = 0.9});
  follows("rmsprop_centered", Rmsprop{.learning_rate = 0.01,
                                      .alpha = 0.9,
                                      .epsilon = 1e-4,
                                      .momentum = 0.5,
                                      .centered = true,
                                      .weight_decay = 0.01});
}

TEST_CASE("reference: Adam, AMSGrad, AdamW") {
  using Adam = optim::Adam<double>;
  using Amsgrad = optim::Amsgrad<double>;
  follows("adam", Adam{.learning_rate = 0.1});
  follows("adam_b95", Adam{.learning_rate = 0.1, .beta1 = 0.95});
  follows("adam_l2", Adam{.learning_rate = 0.1, .weight_decay = 0.01});
  follows("notebook_adam", Adam{.learning_rate = 0.1,
                                .beta1 = 0.95,
                                .epsilon_placement = optim::EpsilonPlacement::inside});
  follows("amsgrad", Amsgrad{.learning_rate = 0.1});
  follows("amsgrad_b2_09", Amsgrad{.learning_rate = 0.1, .beta2 = 0.9});
  follows("adamw", optim::AdamW<double>{.learning_rate = 0.1});
  follows("adamw_amsgrad",
          optim::AdamW<double>{.learning_rate = 0.1, .weight_decay = 0.1, .amsgrad = true});
}

TEST_CASE("reference: diffGrad, as published in code and in the notebook") {
  using DiffGrad = optim::DiffGrad<double>;
  constexpr auto as_code = optim::EpsilonPlacement::uncorrected;
  follows("diffgrad", DiffGrad{.learning_rate = 0.1, .epsilon_placement = as_code});
  follows("diffgrad_b95",
          DiffGrad{.learning_rate = 0.1, .beta1 = 0.95, .epsilon_placement = as_code});
  follows("diffgrad_l2",
          DiffGrad{.learning_rate = 0.1, .weight_decay = 0.01, .epsilon_placement = as_code});
  follows("diffgrad_v1_aliased", optim::DiffGrad<double, optim::AliasedGradientChange>{
                                     .learning_rate = 0.1, .epsilon_placement = as_code});
  follows("notebook_diffgrad", DiffGrad{.learning_rate = 0.1, .beta1 = 0.95});
}
