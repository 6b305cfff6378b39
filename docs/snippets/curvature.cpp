// SPDX-License-Identifier: BSD-3-Clause
// The code of docs/curvature.md.
#include <functional>
#include <iostream>

#include <Eigen/Core>

#include <gradus/core/distributions.hpp>
#include <gradus/curvature.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/sgd.hpp>

using namespace gradus;

int main() {
  Eigen::setNbThreads(1);
  const Stream stream(1, "curvature");
  Matrix<double> x(4, 60);
  Stream draw = stream.child("x");
  fill_normal(draw, x);
  Vector<Index> classes(60);
  for (Index i = 0; i < 60; ++i) {
    classes(i) = x(0, i) > 0 ? 1 : 0;
  }
  const nn::Mlp<double> net({.widths = {4, 8, 2}, .biases = true});
  objective::EmpiricalRisk risk(net, nn::SoftmaxCrossEntropy{}, x, classes);
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream);

  curvature::SharpnessTracker<decltype(risk)> sharpness(risk, stream);
  const auto end = optim::descend(risk, theta, optim::Sgd<double>{.learning_rate = 0.5},
                                  {.steps = 100}, optim::every(10, std::ref(sharpness)));
  const Matrix<double> h = curvature::dense_curvature(risk, theta);
  const auto top = curvature::top_eigenpairs(risk, theta, stream, {.count = 3});
  curvature::CurvatureOperator gauss_newton(risk, theta, curvature::Curvature::gauss_newton);
  const auto density = curvature::spectral_density(gauss_newton, stream, {.probes = 8});
  Matrix<double> gram(60, 60);
  risk.per_example_gram(theta, gram);
  const double m_coherence = curvature::coherence_of(gram).m_coherence;

  std::cout << "status " << static_cast<int>(end.status) << ", sharpness "
            << sharpness.values().front() << " to " << sharpness.values().back() << '\n'
            << "largest eigenvalue " << top.values(0) << " of trace " << h.trace() << '\n'
            << "Gauss-Newton trace " << density.moment(1).mean * static_cast<double>(theta.size())
            << ", m-coherence " << m_coherence << '\n';
}
