// SPDX-License-Identifier: BSD-3-Clause
// Curvature of small networks without biases under softmax cross-entropy: dense Hessians and the
// largest eigenvalues in double, Hessian-vector products at one point in float.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Eigenvalues>
#include <benchmark/benchmark.h>

#include "support.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/eigenpairs.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/objective/empirical_risk.hpp>

namespace gradus::bench {
namespace {

/// A network at its initial point on n normal samples, whose class is the largest of their first
/// features.
template <class T>
struct Setting {
  using Net = nn::Mlp<T, nn::Relu>;
  using Risk = objective::EmpiricalRisk<Net, nn::SoftmaxCrossEntropy>;

  Matrix<T> x;
  Vector<Index> classes;
  Risk risk;
  Vector<T> theta;

  Setting(const std::vector<Index>& widths, Index n)
      : x(inputs(widths.front(), n)), classes(largest(x, widths.back())),
        risk(Net({.widths = widths, .biases = false}), {}, x, classes),
        theta(risk.model().initial_parameters(nn::HeNormal{}, Stream(2, "curvature"))) {}
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  static Matrix<T> inputs(Index rows, Index n) {
    Matrix<T> result(rows, n);
    Stream stream(1, "curvature");
    fill_normal(stream, result);
    return result;
  }
  static Vector<Index> largest(const Matrix<T>& x, Index num_classes) {
    Vector<Index> result(x.cols());
    for (Index i = 0; i < x.cols(); ++i) {
      x.col(i).head(num_classes).maxCoeff(&result(i));
    }
    return result;
  }
  /// (g(theta + h v) - g(theta - h v)) / (2 h).
  Vector<T> by_differences(const Vector<T>& v, T h) {
    Vector<T> up(theta.size());
    Vector<T> down(theta.size());
    risk.value_and_gradient(Vector<T>(theta + h * v), up);
    risk.value_and_gradient(Vector<T>(theta - h * v), down);
    return (up - down) / (2 * h);
  }
};

template <class T>
Vector<T> direction(Index size) {
  Vector<T> v(size);
  Stream stream(3, "curvature");
  fill_normal(stream, v);
  return v.normalized();
}

/// Operations of one product at a prepared point: forward W_1 + 2 W_rest, weights W_1 + 2 W_rest,
/// back 2 W_rest.
double product_flops(const std::vector<Index>& widths, Index n) {
  double first = 0;
  double rest = 0;
  for (std::size_t l = 1; l < widths.size(); ++l) {
    (l == 1 ? first : rest) += static_cast<double>(widths[l] * widths[l - 1]);
  }
  return 2.0 * static_cast<double>(n) * (2 * first + 6 * rest);
}

void dense_hessian(benchmark::State& state, const std::vector<Index>& widths, Index n) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  Setting<double> s(widths, n);
  Matrix<double> h = curvature::dense_curvature(s.risk, s.theta);
  const Vector<double> v = direction<double>(s.theta.size());
  const Vector<double> hv = h * v;
  // A kink or two lies between the two points of the difference.
  expect(state, (s.by_differences(v, 1e-6) - hv).norm() < 1e-3 * hv.norm(),
         "dense Hessian: differs from finite differences");
  for (auto unused : state) {
    curvature::dense_curvature_into(h, s.risk, s.theta); // peers keep their memory, too
    benchmark::DoNotOptimize(h.data());
  }
  const auto p = static_cast<double>(s.theta.size());
  report_work(state, static_cast<double>(n) * p * p, 8 * p * p, count);
}

void products(benchmark::State& state, Index block) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const std::vector<Index> widths{784, 256, 256, 10};
  Setting<float> s(widths, 512);
  Matrix<float> v(s.theta.size(), block);
  for (Index j = 0; j < block; ++j) {
    v.col(j) = direction<float>(s.theta.size()) * static_cast<float>(j + 1);
  }
  Matrix<float> hv(v.rows(), block);
  s.risk.linearise(s.theta);
  s.risk.curvature_products(objective::Curvature::hessian, v, hv);
  Setting<double> twin(widths, 512);
  twin.theta = s.theta.cast<double>();
  Vector<double> exact(twin.theta.size());
  twin.risk.hvp(twin.theta, Vector<double>(v.col(0).cast<double>()), exact);
  const double scale = exact.norm();
  const Vector<double> error = hv.rightCols(1).cast<double>() - static_cast<double>(block) * exact;
  expect(state, scale > 0 && error.norm() < 1e-3 * static_cast<double>(block) * scale,
         "products: float differs from double");
  for (auto unused : state) {
    s.risk.curvature_products(objective::Curvature::hessian, v, hv);
    benchmark::DoNotOptimize(hv.data());
  }
  report_work(state, static_cast<double>(block) * product_flops(widths, 512),
              8 * static_cast<double>(v.size()), count);
}

void top_eigenvalues(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  const Threads threads(count);
  const std::vector<Index> widths{40, 50, 50, 10};
  Setting<double> s(widths, 200);
  const curvature::EigenOptions<double> options{
      .count = 20, .end = curvature::SpectrumEnd::magnitude, .tolerance = 1e-3};
  const auto find = [&] {
    return curvature::top_eigenpairs(s.risk, s.theta, Stream(4, "curvature"), options);
  };
  const auto found = find();
  // Each value is an eigenvalue to the square of its residual: one product more tells.
  curvature::CurvatureOperator hessian(s.risk, s.theta);
  Matrix<double> hv(s.theta.size(), found.values.size());
  hessian.apply(found.vectors, hv);
  const Matrix<double> residuals = hv - found.vectors * found.values.asDiagonal();
  expect(state,
         found.converged && residuals.colwise().norm().maxCoeff() <
                                1e-2 * std::abs(found.values(found.values.size() - 1)),
         "eigenvalues: not converged");
  for (auto unused : state) {
    benchmark::DoNotOptimize(find().values.data());
  }
  state.counters["products"] = static_cast<double>(found.products);
  report_work(state, static_cast<double>(found.products) * product_flops(widths, 200), 0, count);
}

void on_threads(benchmark::internal::Benchmark* b) {
  b->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(dense_hessian, 400, {16, 16, 8, 2}, 240)
    ->Name("curvature/dense-400")
    ->Apply(on_threads);
BENCHMARK_CAPTURE(dense_hessian, 5000, {40, 50, 50, 10}, 200)
    ->Name("curvature/dense-5000")
    ->Apply(on_threads);
BENCHMARK_CAPTURE(products, one, 1)->Name("curvature/hvp-784-256-256-10")->Apply(on_threads);
BENCHMARK_CAPTURE(products, eight, 8)->Name("curvature/hvp-block-8")->Apply(on_threads);
BENCHMARK(top_eigenvalues)->Name("curvature/top-20")->Apply(on_threads);

} // namespace
} // namespace gradus::bench
