// SPDX-License-Identifier: BSD-3-Clause
// The code of docs/optimizers.md.
#include <iostream>

#include <gradus/gradus.hpp>

int main() {
  using namespace gradus;
  objective::Rosenbrock<double> valley;
  Vector<double> theta = (Vector<double>(2) << -1.2, 1).finished();
  const optim::AdamW<double> adamw{.learning_rate = 0.01, .weight_decay = 0.1};
  const optim::Scheduled falling{adamw, optim::CosineSchedule{.steps = 200}};
  const optim::TransformedGradient clipped{falling, optim::ClipNorm<double>{.max_norm = 1}};
  const auto end = optim::descend(valley, theta, clipped, {.steps = 200});
  std::cout << "from 24.2 to " << end.loss << '\n';
}
