// SPDX-License-Identifier: BSD-3-Clause
// Sgd against trajectories of torch.optim.SGD (reference/README.md).
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
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

/// Largest deviation of the replayed points, relative to max(1, |x|).
double replay(const Trajectory& reference, const optim::Sgd<double>& rule) {
  rule.validate();
  Vector<double> theta = reference.x.col(0);
  auto state = rule.make_state(theta.size());
  double worst = 0;
  for (Index k = 0; k + 1 < reference.x.cols(); ++k) {
    rule.update(theta, reference.g.col(k), state);
    for (Index i = 0; i < theta.size(); ++i) {
      const double expected = reference.x(i, k + 1);
      worst = std::max(worst, std::abs(theta(i) - expected) / std::max(1.0, std::abs(expected)));
    }
  }
  return worst;
}

} // namespace

TEST_CASE("sgd: every variant follows torch's trajectories") {
  using Rule = optim::Sgd<double>;
  const std::map<std::string, Rule> rules{
      {"sgd", {.learning_rate = 0.01}},
      {"sgd_wd", {.learning_rate = 0.01, .weight_decay = 0.1}},
      {"momentum", {.learning_rate = 0.01, .momentum = 0.9}},
      {"momentum_wd", {.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1}},
      {"momentum_dampening", {.learning_rate = 0.02, .momentum = 0.9, .dampening = 0.5}},
      {"nesterov", {.learning_rate = 0.01, .momentum = 0.9, .nesterov = true}},
      {"nesterov_wd",
       {.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1, .nesterov = true}}};
  for (const auto& [name, rule] : rules) {
    const auto problems = read(name);
    REQUIRE(problems.size() == 5);
    for (const auto& [problem, trajectory] : problems) {
      INFO(name << " on " << problem);
      REQUIRE(trajectory.x.cols() == 51);
      REQUIRE(replay(trajectory, rule) < 1e-12); // the bound that the data come with
      // The comparison can fail: with a slightly other rate it does.
      Rule other = rule;
      other.learning_rate *= 1.0001;
      REQUIRE(replay(trajectory, other) > 1e-6);
    }
  }
}
