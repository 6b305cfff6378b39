// SPDX-License-Identifier: BSD-3-Clause
// The code of docs/linear.md.
#include <iostream>

#include <gradus/gradus.hpp>

int main() {
  using namespace gradus;
  const Stream stream(0, "linear models");
  const data::LinearTeacher setting{.dim = 50, .noise = 0.3};
  const auto teacher = data::draw_teacher<double>(setting, stream);
  const auto train = data::draw_regression(setting, teacher, 40, stream);
  const auto error = [&](const Vector<double>& w) { return (w - teacher).squaredNorm(); };

  const linear::SpectralPath<double> path(linear::gram_spectrum<double>(train.x), train.y);
  const auto early = path.weights(linear::GradientFlow<double>{.time = 0.1});
  const auto late =
      path.weights(linear::GradientDescent<double>{.learning_rate = 5e-3, .steps = 1'000'000});
  const auto ridge = path.weights(linear::RidgeFilter<double>{.penalty = 5});
  const auto least_norm = path.weights(linear::Interpolation<double>{});

  const linear::RandomFeatures<double> features(50, 400, stream, {.scale = 0.14});
  const Matrix<double> z = features(train.x);
  const auto sweep = linear::sweep_widths<double>(z, train.y, {10, 20, 40, 80, 400});

  const Vector<double> labels = train.y.array().sign();
  const auto svm = linear::LinearSvm<double>(train.x, labels).fit({.penalty = 0.1}, stream);
  const auto logistic = linear::LogisticRegression<double>(train.x, labels).fit({.penalty = 0.1});

  const theory::HighDimDynamics law{.alpha = 0.8, .snr = 5};
  const auto stop = law.optimal_stop();
  const auto best = law.optimal_ridge();

  std::cout << (svm.converged && logistic.converged ? "solved, gap " : "not solved, gap ")
            << svm.duality_gap / svm.objective << ", gradient " << logistic.gradient_norm << '\n'
            << error(early) << ' ' << error(late) << ' ' << error(ridge) << ' ' << error(least_norm)
            << '\n'
            << sweep.back().rank << ' ' << sweep.back().training_error << '\n'
            << stop.time << ' ' << stop.error << ' ' << best.error << '\n';
}
