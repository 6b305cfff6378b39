// SPDX-License-Identifier: BSD-3-Clause
#include "measures.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "network.hpp"
#include "spectra.hpp"
#include <gradus/curvature/outliers.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::hessian {
namespace {

Axis ranks(Index n) {
  Axis axis{"rank", {}};
  for (Index i = 1; i <= n; ++i) {
    axis.at.push_back(static_cast<double>(i));
  }
  return axis;
}

/// Hessian, both its parts and the gradients at theta, under names that start with the prefix.
void record_parts(const Params& p, Network& net, const Vector<double>& theta,
                  const std::string& prefix, const Stream& stream, Record& out) {
  const Matrix<double> h = net.curvature(theta, Curvature::hessian);
  const Vector<double> l = eigenvalues(h);
  record_spectrum(p, l, prefix, out);
  const Matrix<double> gram = net.gauss_newton_gram(theta);
  const Vector<double> g = eigenvalues(gram);
  Vector<double> r = net.residual_spectrum(theta);
  if (r.size() == 0) {
    r = eigenvalues(net.curvature(theta, Curvature::residual));
  }
  const Index m = p.clusters;
  const auto of_g = curvature::count_outliers(g, window);
  out.number(prefix + "gn_count", static_cast<double>(of_g.count));
  out.number(prefix + "gn_ratio", of_g.ratio);
  out.number(prefix + "residual", r(0) / l(m - 1));
  out.number(prefix + "gn_deviation", (l.head(m).array() / g.head(m).array() - 1).abs().maxCoeff());
  out.number(prefix + "trace_deviation", std::abs(h.trace() / gram.trace() - 1));
  const Matrix<double> top = leading_vectors(h, m, stream.child("hessian"));
  const auto overlap = [&](const Matrix<double>& gradients) {
    const Matrix<double> space = leading_left_vectors(gradients, m, stream.child("gradients"));
    return curvature::subspace_overlap(top, space);
  };
  out.number(prefix + "loss_overlap", overlap(net.loss_gradients(theta)));
  out.number(prefix + "output_overlap", overlap(net.output_gradients(theta)));
}

} // namespace

void record_spectrum(const Params& p, const Vector<double>& l, const std::string& prefix,
                     Record& out) {
  const auto found = curvature::count_outliers(l, window);
  const Index m = std::min(p.clusters, l.size() - 1);
  out.number(prefix + "count", static_cast<double>(found.count));
  out.number(prefix + "ratio", found.ratio);
  out.number(prefix + "over_second", found.ratio / found.second);
  out.number(prefix + "near_zero", curvature::near_zero_share(l));
  out.number(prefix + "zeros", static_cast<double>(curvature::count_zeros(l)));
  out.number(prefix + "negative", -l(l.size() - 1) / l(0));
  out.number(prefix + "top_sum", l.head(m).sum());
  out.number(prefix + "merge", l(m) / l(m - 1));
  out.number(prefix + "bulk", quantile(as_list(l.cwiseAbs()), 0.9));
  out.series(prefix + "spectrum", ranks(l.size()), as_list(l));
}

void run_main(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  Vector<double> theta = net->start(stream.child("net"));
  record_parts(p, *net, theta, "start_", stream, out);
  if (train(p, *net, theta, out)) {
    record_parts(p, *net, theta, "", stream, out);
  }
}

void run_start(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  const Vector<double> theta = net->start(stream.child("net"));
  const Vector<double> l = eigenvalues(net->curvature(theta, Curvature::hessian));
  const auto of_g = curvature::count_outliers(eigenvalues(net->gauss_newton_gram(theta)), window);
  out.number("start_count", static_cast<double>(curvature::count_outliers(l, window).count));
  out.number("start_gn_count", static_cast<double>(of_g.count));
  out.number("start_gn_ratio", of_g.ratio);
}

void run_trained(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  Vector<double> theta = net->start(stream.child("net"));
  if (train(p, *net, theta, out)) {
    record_spectrum(p, eigenvalues(net->curvature(theta, Curvature::hessian)), "", out);
  }
}

void run_identities(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  Vector<double> theta = net->start(stream.child("net"));
  double of_residual = 0;
  double of_dual = 0;
  double of_trace = 0;
  const auto compare = [&](const std::string& prefix) {
    const Matrix<double> h = net->curvature(theta, Curvature::hessian);
    const Matrix<double> g = net->curvature(theta, Curvature::gauss_newton);
    const Vector<double> dense = eigenvalues(g);
    const Vector<double> residual = eigenvalues(net->curvature(theta, Curvature::residual));
    const Vector<double> blocks = net->residual_spectrum(theta);
    const Vector<double> gram = eigenvalues(net->gauss_newton_gram(theta));
    Vector<double> dual = Vector<double>::Zero(dense.size());
    const Index rank = std::min(dual.size(), gram.size());
    dual.head(rank) = gram.head(rank);
    if (blocks.size() == residual.size()) {
      of_residual = std::max(of_residual, (residual - blocks).cwiseAbs().maxCoeff() / residual(0));
      out.series(prefix + "blocks", ranks(h.rows()), as_list(blocks));
    }
    of_dual = std::max(of_dual, (dense - dual).cwiseAbs().maxCoeff() / dense(0));
    of_trace = std::max(of_trace, std::abs(h.trace() / g.trace() - 1));
    out.series(prefix + "h", ranks(h.rows()), as_list(eigenvalues(h)));
    out.series(prefix + "g", ranks(h.rows()), as_list(dense));
    out.series(prefix + "r", ranks(h.rows()), as_list(residual));
  };
  compare("start_");
  if (train(p, *net, theta, out)) {
    compare("");
    out.number("residual_deviation", of_residual);
    out.number("dual_deviation", of_dual);
    out.number("trace_deviation", of_trace);
  }
}

} // namespace gradus::examples::hessian
