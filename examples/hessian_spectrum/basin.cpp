// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "measures.hpp"
#include "network.hpp"
#include "spectra.hpp"

namespace gradus::examples::hessian {
namespace {

/// Places on a line between two solutions.
constexpr Index places = 41;

/// How far the line rises above the higher of its ends.
double barrier(const Vector<double>& line) {
  return line.maxCoeff() - std::max(line(0), line(line.size() - 1));
}

Axis share_of_the_way() { return {"share of the way", linspace(0, 1, places)}; }

/// The large-batch solution from a start, at a fixed number of steps; empty if it diverged.
Vector<double> large_batch(const Params& p, Network& net, Vector<double> theta, Record& out) {
  const End end = net.descend(theta, {.steps = p.steps}, Stream(0));
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "loss");
    return {};
  }
  return theta;
}

} // namespace

void run_basin(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  const Vector<double> start = net->start(stream.child("net"));
  const Vector<double> large = large_batch(p, *net, start, out);
  if (large.size() == 0) {
    return;
  }
  Vector<double> small = large;
  Axis steps{"step", {}};
  std::vector<double> path;
  const End end = net->descend(small,
                               {.steps = p.sgd_steps,
                                .batch = p.batch,
                                .watch =
                                    [&](Index step, double loss) {
                                      steps.at.push_back(static_cast<double>(step));
                                      path.push_back(loss);
                                    }},
                               stream.child("batches"));
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "loss of SGD");
    return;
  }
  const Vector<double> line = net->line(large, small, places);
  out.number("large_loss", line(0));
  out.number("small_loss", line(places - 1));
  out.number("barrier", barrier(line));
  out.number("climb", *std::max_element(path.begin(), path.end()) / line(0));
  out.number("gain", line(places - 1) / line(0));
  out.number("distance", (small - large).norm() / (large - start).norm());
  out.series("path", std::move(steps), std::move(path));
  out.series("line", share_of_the_way(), as_list(line));
}

void run_far(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  const Vector<double> one = large_batch(p, *net, net->start(stream.child("net")), out);
  const Vector<double> other = large_batch(p, *net, net->start(stream.child("other net")), out);
  if (one.size() > 0 && other.size() > 0) {
    const Vector<double> line = net->line(one, other, places);
    out.number("barrier", barrier(line));
    out.series("line", share_of_the_way(), as_list(line));
  }
}

void run_full_batch(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  Vector<double> theta = large_batch(p, *net, net->start(stream.child("net")), out);
  if (theta.size() == 0) {
    return;
  }
  const double before = net->loss(theta);
  double highest = before;
  Axis steps{"step", {}};
  std::vector<double> path;
  const End end = net->descend(theta,
                               {.steps = p.sgd_steps,
                                .watch =
                                    [&](Index step, double loss) {
                                      highest = std::max(highest, loss);
                                      if (step % 10 == 0) {
                                        steps.at.push_back(static_cast<double>(step));
                                        path.push_back(loss);
                                      }
                                    }},
                               Stream(0));
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "loss");
    return;
  }
  out.number("increase", highest - before);
  out.series("path", std::move(steps), std::move(path));
}

void run_same_start(const Params& p, const Stream& stream, Record& out) {
  const auto net = network_of(p, stream);
  const Vector<double> start = net->start(stream.child("net"));
  Vector<double> large = start;
  if (!train(p, *net, large, out)) {
    return;
  }
  Vector<double> small = start;
  const End end = net->descend(small, {.steps = 10 * p.steps, .target = p.target, .batch = p.batch},
                               stream.child("batches"));
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "loss of SGD");
    return;
  }
  const Vector<double> line = net->line(large, small, places);
  out.number("sgd_steps", static_cast<double>(end.steps));
  out.number("sgd_loss", end.loss);
  out.number("line_ratio", line.maxCoeff() / std::max(line(0), line(places - 1)));
  const auto top = [&](const Vector<double>& theta) {
    return eigenvalues(net->curvature(theta, Curvature::hessian))(0);
  };
  out.number("batch_top", top(large) / top(small));
}

} // namespace gradus::examples::hessian
