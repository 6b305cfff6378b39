// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <vector>

#include "measures.hpp"
#include "network.hpp"
#include "spectra.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/curvature/eigenpairs.hpp>
#include <gradus/curvature/lanczos.hpp>
#include <gradus/curvature/outliers.hpp>
#include <gradus/curvature/spectral_density.hpp>

namespace gradus::examples::hessian {
namespace {

/// The Hessian of a network at a point, as the tools want it.
class HessianOf {
public:
  using Value = double;
  HessianOf(Network& net, const Vector<double>& theta) : net_(net), theta_(theta) {}
  [[nodiscard]] Index size() const { return theta_.size(); }
  void apply(ConstMatrixRef<double> directions, MatrixRef<double> products) {
    net_.products(theta_, directions, products);
  }

private:
  Network& net_;
  const Vector<double>& theta_;
};

/// The density on a grid over the whole spectrum, smoothed by a 400th of its width.
void record_density(const curvature::SpectralDensity& density, Record& out) {
  const double smoothing = (density.highest() - density.lowest()) / 400;
  const auto curve =
      curvature::broadened(density, curvature::density_grid(density, 801, smoothing), smoothing);
  out.number("smoothing", smoothing);
  out.series("density", {"eigenvalue", as_list(curve.at)}, as_list(curve.density));
}

} // namespace

void run_matrix_free(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  Vector<double> theta = net->start(stream.child("net"));
  if (!train(p, *net, theta, out)) {
    return;
  }
  const Matrix<double> h = net->curvature(theta, Curvature::hessian);
  const Vector<double> l = eigenvalues(h);
  HessianOf a(*net, theta);

  Stream draw = stream.child("lanczos");
  Matrix<double> start(a.size(), 1);
  fill_normal(draw, start);
  const auto ritz = curvature::quadrature(curvature::lanczos(a, start, 60).front()).nodes;
  const Index top = std::min<Index>(4, ritz.size());
  out.number("top_error",
             (ritz.tail(top).reverse().array() / l.head(top).array() - 1).abs().maxCoeff());

  constexpr Index probes = 20;
  const auto density =
      curvature::spectral_density(a, stream.child("density"), {.probes = probes, .steps = 60});
  const double trace = density.moment(1).mean * static_cast<double>(a.size());
  const double variance = 2 * (h.squaredNorm() - h.diagonal().squaredNorm()) / probes;
  out.number("trace_z", (trace - h.trace()) / std::sqrt(variance));
  record_density(density, out);
  Axis ranks{"rank", {}};
  for (Index i = 1; i <= l.size(); ++i) {
    ranks.at.push_back(static_cast<double>(i));
  }
  out.series("spectrum", ranks, as_list(l));
}

void run_large(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  Vector<double> theta = net->start(stream.child("net"));
  if (!train(p, *net, theta, out)) {
    return;
  }
  HessianOf a(*net, theta);
  const auto top =
      curvature::eigenpairs(a, stream.child("leading"), {.count = window + 1, .tolerance = 1e-6});
  const auto density =
      curvature::spectral_density(a, stream.child("density"), {.probes = 10, .steps = 80});
  if (!top.converged || !density.finite) {
    out.diverged(0, "eigenvalues");
    return;
  }
  const auto found = curvature::count_outliers(top.values, window);
  out.number("count", static_cast<double>(found.count));
  out.number("ratio", found.ratio);
  out.number("over_second", found.ratio / found.second);
  const double bound = 1e-3 * top.values(0);
  out.number(
      "near_zero",
      density.mean_over_spectrum([bound](double x) { return std::abs(x) < bound ? 1.0 : 0.0; })
          .mean);
  out.number("negative", -density.lowest() / top.values(0));
  record_density(density, out);
}

} // namespace gradus::examples::hessian
