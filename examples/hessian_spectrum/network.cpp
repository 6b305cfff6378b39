// SPDX-License-Identifier: BSD-3-Clause
#include "network.hpp"

#include <cmath>
#include <memory>
#include <utility>

#include <gradus/data/class_labels.hpp>
#include <gradus/data/gaussian_clusters.hpp>
#include <gradus/data/teacher.hpp>

namespace gradus::examples::hessian {

Samples draw_samples(const Params& p, const Stream& stream) {
  const data::GaussianClusters setting{.dim = p.dim,
                                       .clusters = p.clusters,
                                       .classes = p.num_outputs(),
                                       .separation = p.separation,
                                       .spread = p.spread};
  const Stream draws = stream.child("data");
  Samples samples;
  if (p.inputs == "clusters") {
    auto drawn = data::draw_gaussian_clusters<double>(setting, p.num_samples, draws);
    samples = {std::move(drawn.x), std::move(drawn.labels)};
  } else {
    samples.x = data::draw_unclustered<double>(setting, p.num_samples, draws);
    samples.labels = Vector<Index>::Zero(p.num_samples);
  }
  if (p.labels == "random") {
    samples.labels = data::random_classes(p.num_samples, p.num_outputs(), draws);
  } else if (p.labels == "teacher") {
    const Vector<double> teacher = data::draw_teacher<double>({.dim = p.dim}, draws);
    for (Index i = 0; i < p.num_samples; ++i) {
      samples.labels(i) = teacher.dot(samples.x.col(i)) > 0 ? 1 : 0;
    }
  }
  const double redrawn = p.redrawn * static_cast<double>(p.num_samples);
  data::redraw_classes(samples.labels, p.num_outputs(), std::llround(redrawn), draws);
  return samples;
}

std::unique_ptr<Network> make_network(const Params& p, Samples samples) {
  return p.activation == "relu" ? make_relu_network(p, std::move(samples))
                                : make_tanh_network(p, std::move(samples));
}

std::unique_ptr<Network> network_of(const Params& p, const Stream& stream) {
  return make_network(p, draw_samples(p, stream));
}

bool train(const Params& p, Network& net, Vector<double>& theta, Record& out) {
  const End end = net.descend(theta, {.steps = p.steps, .target = p.target}, Stream(0));
  if (end.diverged) {
    out.diverged(static_cast<double>(end.steps), "loss");
    return false;
  }
  out.number("steps", static_cast<double>(end.steps));
  out.number("loss", end.loss);
  return true;
}

} // namespace gradus::examples::hessian
