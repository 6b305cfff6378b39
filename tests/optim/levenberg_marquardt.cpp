// SPDX-License-Identifier: BSD-3-Clause
// Levenberg-Marquardt: Jacobians, both forms of the step, ridge, and how runs end.
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/residuals.hpp>
#include <gradus/optim/levenberg_marquardt.hpp>

using namespace gradus;
using optim::levenberg_marquardt;
using End = optim::LevenbergMarquardtStatus;

namespace {

/// r = A theta - b: one undamped step solves it.
struct Linear {
  using Value = double;
  Matrix<double> a;
  Vector<double> b;
  [[nodiscard]] Index num_parameters() const { return a.cols(); }
  [[nodiscard]] Index num_residuals() const { return a.rows(); }
  void residuals(const Vector<double>& theta, Vector<double>& r) const { r = a * theta - b; }
  void residuals_and_jacobian(const Vector<double>& theta, Vector<double>& r,
                              Matrix<double>& j) const {
    residuals(theta, r);
    j = a.transpose();
  }
};
static_assert(objective::LeastSquares<Linear>);

/// Rosenbrock's valley as residuals, minimum at (1, 1).
struct Valley {
  using Value = double;
  [[nodiscard]] static Index num_parameters() { return 2; }
  [[nodiscard]] static Index num_residuals() { return 2; }
  static void residuals(const Vector<double>& t, Vector<double>& r) {
    r << 10 * (t(1) - t(0) * t(0)), 1 - t(0);
  }
  static void residuals_and_jacobian(const Vector<double>& t, Vector<double>& r,
                                     Matrix<double>& j) {
    residuals(t, r);
    j << -20 * t(0), -1, 10, 0;
  }
};

using Net = nn::Mlp<double, nn::Tanh>;

Net two_layers(Index inputs, Index width) {
  return Net({.widths = {inputs, width, 1}, .biases = false});
}

} // namespace

TEST_CASE("residuals: the two-layer tanh network's Jacobian against the complex step") {
  using ComplexNet = nn::Mlp<support::Complex, nn::Tanh>;
  const Net net = two_layers(3, 4);
  const Matrix<double> x = support::normal_matrix("x", 3, 5);
  const Vector<double> y = support::normal_vector("y", 5);
  const Vector<double> theta = net.initial_parameters(nn::LeCunNormal{}, Stream(1, "net"));
  objective::Residuals<Net> risk(net, x, y);
  Vector<double> r(5);
  Matrix<double> jacobian(16, 5);
  risk.residuals_and_jacobian(theta, r, jacobian);
  // f = a . tanh(W x), spelled out.
  const ConstMatrixMap<double> w(theta.data(), 4, 3);
  const Vector<double> f = (w * x).array().tanh().matrix().transpose() * theta.tail(4);
  REQUIRE((f - y - r).cwiseAbs().maxCoeff() < 1e-14);
  const ComplexNet complex({.widths = {3, 4, 1}, .biases = false});
  ComplexNet::Workspace workspace;
  Vector<support::Complex> shifted = theta.cast<support::Complex>();
  const Matrix<support::Complex> inputs = x.cast<support::Complex>();
  for (Index k = 0; k < 16; ++k) {
    shifted(k) += support::Complex(0, support::complex_step);
    const Vector<double> slope =
        complex.forward(shifted, inputs, workspace).row(0).imag().transpose() /
        support::complex_step;
    REQUIRE(support::worst_error(Vector<double>(jacobian.row(k).transpose()), slope) < 1e-10);
    shifted(k) = theta(k);
  }
  Vector<double> alone(5);
  risk.residuals(theta, alone);
  REQUIRE(alone == r);
}

TEST_CASE("levenberg-marquardt: a linear problem, tall or wide, with and without ridge") {
  for (const auto& [n, p] : {std::pair<Index, Index>{9, 4}, {4, 9}, {5, 5}, {1, 1}}) {
    for (const double ridge : {0.0, 0.7}) {
      INFO(n << " x " << p << ", ridge " << ridge);
      Linear f{support::normal_matrix("a", n, p), support::normal_vector("b", n)};
      const Vector<double> start = support::normal_vector("start", p);
      Vector<double> theta = start;
      const auto end = levenberg_marquardt(
          f, theta, {.steps = 200, .ridge = ridge, .gradient_tolerance = 1e-11});
      REQUIRE((end.status == End::converged || end.status == End::stalled));
      REQUIRE((f.a.transpose() * (f.a * theta - f.b) + ridge * theta).norm() < 1e-8);
      REQUIRE(std::abs(end.loss - (f.a * theta - f.b).squaredNorm() - ridge * theta.squaredNorm()) <
              1e-12);
      if (ridge > 0) {
        const Matrix<double> normal =
            f.a.transpose() * f.a + ridge * Matrix<double>::Identity(p, p);
        REQUIRE(support::worst_error(
                    theta, Vector<double>(normal.ldlt().solve(f.a.transpose() * f.b))) < 1e-8);
      }
      // One step is the damped step of either form.
      Vector<double> once = start;
      (void)levenberg_marquardt(f, once, {.steps = 1, .ridge = ridge, .damping = 0.3});
      const Matrix<double> damped =
          f.a.transpose() * f.a + (ridge + 0.3) * Matrix<double>::Identity(p, p);
      const Vector<double> step =
          damped.ldlt().solve(f.a.transpose() * (f.a * start - f.b) + ridge * start);
      REQUIRE(support::worst_error(once, Vector<double>(start - step)) < 1e-10);
    }
  }
}

TEST_CASE("levenberg-marquardt: a curved valley, with rejected steps on the way") {
  Valley f;
  Vector<double> theta(2);
  theta << -1.2, 1;
  double last = std::numeric_limits<double>::infinity();
  Index seen = 0;
  const auto end = levenberg_marquardt(f, theta, {.steps = 200}, [&](const auto& progress) {
    REQUIRE(progress.step == ++seen);
    REQUIRE(progress.loss <= last);
    last = progress.loss;
  });
  REQUIRE((end.status == End::converged || end.status == End::stalled));
  REQUIRE(end.taken < end.steps);
  REQUIRE((theta - Vector<double>::Ones(2)).norm() < 1e-10);
  // Stopped by an observer, or by the number of steps: the loss has fallen all the same.
  theta << -1.2, 1;
  const auto stopped =
      levenberg_marquardt(f, theta, {}, [](const auto& progress) { return progress.step == 3; });
  REQUIRE(stopped.status == End::stopped);
  REQUIRE(stopped.steps == 3);
  theta << -1.2, 1;
  const auto none = levenberg_marquardt(f, theta, {.steps = 0});
  REQUIRE(none.status == End::finished);
  REQUIRE(std::abs(none.loss - 24.2) < 1e-12);
}

TEST_CASE("levenberg-marquardt: a wide enough tanh network interpolates noise") {
  const Net net = two_layers(3, 12); // 48 parameters for 20 residuals
  const Matrix<double> x = support::normal_matrix("x", 3, 20);
  objective::Residuals<Net> risk(net, x, support::normal_vector("y", 20));
  Vector<double> theta = net.initial_parameters(nn::LeCunNormal{}, Stream(1, "net"));
  const auto end = levenberg_marquardt(risk, theta, {.steps = 500});
  REQUIRE(end.loss < 1e-20);
}

TEST_CASE("levenberg-marquardt: what is not finite is a status; bad arguments are named") {
  Linear f{Matrix<double>::Ones(2, 2), Vector<double>::Ones(2)};
  f.a(0, 0) = std::numeric_limits<double>::infinity();
  Vector<double> theta = Vector<double>::Ones(2);
  REQUIRE(levenberg_marquardt(f, theta, {}).status == End::diverged);
  const auto says = [&](const optim::LevenbergMarquardtOptions<double>& options) {
    return support::message_of<ArgumentError>(
        [&] { (void)levenberg_marquardt(f, theta, options); });
  };
  REQUIRE(says({.ridge = -1}) == "ridge is -1; valid: >= 0, finite");
  REQUIRE(says({.damping = 0}) == "damping is 0; valid: > 0, finite");
  REQUIRE(says({.steps = -1}) == "steps is -1; valid: >= 0");
  Vector<double> wrong(3);
  REQUIRE_THROWS_AS(levenberg_marquardt(f, wrong, {}), ShapeError);
  const Matrix<double> x = Matrix<double>::Ones(3, 2);
  REQUIRE(support::message_of<ArgumentError>([&] {
            objective::Residuals<Net>(Net({.widths = {3, 2, 2}}), x, Vector<double>::Ones(2));
          }) == "number of outputs is 2; valid: 1");
  REQUIRE_THROWS_AS(objective::Residuals<Net>(two_layers(3, 2), x, Vector<double>::Ones(3)),
                    ShapeError);
}
