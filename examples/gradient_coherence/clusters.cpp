// SPDX-License-Identifier: BSD-3-Clause
// Gaussian clusters: coherence at the start in closed form, and what one step does.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cluster_nets.hpp"
#include "experiments.hpp"
#include <gradus/core/buffer.hpp>
#include <gradus/core/distributions.hpp>
#include <gradus/core/product.hpp>
#include <gradus/curvature/coherence.hpp>
#include <gradus/data/clusters.hpp>
#include <gradus/data/label_noise.hpp>
#include <gradus/metrics/ratio_of_means.hpp>
#include <gradus/nn/loss/margin.hpp>
#include <gradus/theory/tangent_kernel.hpp>

namespace gradus::examples::agreement {

namespace {

constexpr Index dim = 20;

/// Writes a measured ratio or mean, to be merged over the seeds, and what it should be.
void record(Record& out, const std::string& name, const metrics::RatioOfMeans& measured,
            double law) {
  const auto state = measured.state();
  out.series(name, {"moment", linspace(0, 5, 6)}, {state.begin(), state.end()});
  out.number(name + "_law", law);
}

} // namespace

void run_sample_bias(const Params& p, const Stream& stream, Record& out) {
  const theory::ClusterCoherence law{.mean = 2, .dim = dim};
  const Index m = p.sample_size;
  const Index sets = m > 100 ? p.draws / 4 : p.draws;
  metrics::RatioOfMeans coherence;
  metrics::RatioOfMeans unbiased;
  constexpr Index run = 50; // sets drawn at once
  for (Index k = 0; k < sets; k += run) {
    const auto many =
        data::draw_two_clusters<double>({.dim = dim, .mean = law.mean}, m * run,
                                        stream.child("bias", static_cast<std::uint64_t>(k)));
    for (Index s = 0; s < run; ++s) {
      // A linear model at 0: g = -y x / 2.
      const auto x = many.x.middleCols(s * m, m);
      const double sum = (x * many.labels.segment(s * m, m)).squaredNorm();
      const double squares = x.squaredNorm();
      coherence.add(sum, squares);
      unbiased.add((sum / squares - 1) / static_cast<double>(m - 1));
    }
  }
  record(out, "coherence", coherence,
         theory::expected_m_coherence(law.linear(), static_cast<double>(m)));
  record(out, "unbiased", unbiased, law.linear());
}

void run_cluster_forms(const Params& p, const Stream& stream, Record& out) {
  constexpr Index m = 400;
  constexpr std::array flips{0.0, 0.1, 0.25, 0.5};
  const std::array<std::string, 4> models{"linear", "kernel", "net16", "net256"};
  std::array<std::array<metrics::RatioOfMeans, flips.size()>, 4> measured;
  for (Index k = 0; k < p.cluster_sets; ++k) {
    const Stream own = stream.child("forms", static_cast<std::uint64_t>(k));
    const auto set = data::draw_two_clusters<double>({.dim = dim, .mean = 3}, m, own);
    std::vector<Vector<double>> labels;
    for (const double flip : flips) {
      labels.push_back(data::flip_labels(set.labels, flip, own.child("noise")).given);
    }
    const Matrix<double> kernel = theory::two_layer_tangent_kernel(set.x);
    const auto narrow = net_sums(set.x, labels, 16, own.child("narrow"));
    const auto wide = net_sums(set.x, labels, 256, own.child("wide"));
    for (std::size_t f = 0; f < flips.size(); ++f) {
      measured[0][f].add((set.x * labels[f]).squaredNorm(), set.x.squaredNorm());
      measured[1][f].add(labels[f].dot(kernel * labels[f]), kernel.trace());
      measured[2][f].add(narrow[f].first, narrow[f].second);
      measured[3][f].add(wide[f].first, wide[f].second);
    }
  }
  for (std::size_t model = 0; model < models.size(); ++model) {
    for (std::size_t f = 0; f < flips.size(); ++f) {
      const theory::ClusterCoherence law{.mean = 3, .dim = dim, .flip_probability = flips[f]};
      record(out, models[model] + "_" + std::to_string(f), measured[model][f],
             theory::expected_m_coherence(model == 0 ? law.linear() : law.two_layer(), m));
    }
  }
}

void run_softmax_form(const Params& p, const Stream& stream, Record& out) {
  constexpr Index m = 400;
  constexpr double radius = 3;
  metrics::RatioOfMeans coherence;
  for (Index k = 0; k < p.cluster_sets * 3 / 2; ++k) {
    const auto set = data::draw_orthogonal_clusters<double>(
        {.num_clusters = p.classes, .dim = dim, .radius = radius}, m,
        stream.child("softmax", static_cast<std::uint64_t>(k)));
    // Weights 0: probabilities are all alike.
    Matrix<double> slopes =
        Matrix<double>::Constant(p.classes, m, 1.0 / static_cast<double>(p.classes));
    for (Index i = 0; i < m; ++i) {
      slopes(set.classes(i), i) -= 1;
    }
    coherence.add((slopes * set.x.transpose()).squaredNorm(),
                  slopes.colwise().squaredNorm().dot(set.x.colwise().squaredNorm()));
  }
  record(out, "coherence", coherence,
         theory::expected_m_coherence(
             theory::softmax_cluster_coherence(static_cast<double>(p.classes), radius, dim), m));
}

void run_random_law(const Params& p, const Stream& stream, Record& out) {
  constexpr Index m = 200;
  const Index count = 5 * p.draws;
  const auto set =
      data::draw_two_clusters<double>({.dim = dim, .mean = 3}, m, stream.child("inputs"));
  Stream signs = stream.child("signs");
  Matrix<double> s(m, count);
  for (Index j = 0; j < count; ++j) {
    for (Index i = 0; i < m; ++i) {
      s(i, j) = random_sign(signs);
    }
  }
  Matrix<double> image(m, count);
  Buffer<double> scratch;
  const auto measure = [&](const std::string& name, const Matrix<double>& kernel) {
    multiply<double>(image, kernel, s, scratch);
    metrics::RatioOfMeans coherence;
    for (Index j = 0; j < count; ++j) {
      coherence.add(s.col(j).dot(image.col(j)) / kernel.trace());
    }
    const auto n = static_cast<double>(count);
    const double variance = theory::random_label_variance(kernel);
    out.number(name + "_z", (coherence.value() - 1) / std::sqrt(variance / n));
    out.number(name + "_deviation", coherence.standard_error() * std::sqrt(n / variance));
    out.number(name + "_true", set.labels.dot(kernel * set.labels) / kernel.trace());
  };
  measure("kernel", theory::two_layer_tangent_kernel(set.x));
  measure("net", net_kernel(set.x, 16, stream.child("net")));
  measure("linear", set.x.transpose() * set.x);
}

void run_one_step(const Params& p, const Stream& stream, Record& out) {
  constexpr Index m = 30;
  constexpr Index fresh = 200;
  constexpr double eta = 1e-3;
  const theory::ClusterCoherence law{.mean = 2, .dim = dim, .flip_probability = p.flip};
  metrics::RatioOfMeans training, test, gap, efficiency, replaced;
  Vector<double> losses(m + fresh);
  for (Index k = 0; k < p.draws; ++k) {
    const Stream own = stream.child("step", static_cast<std::uint64_t>(k));
    // m to train on, fresh ones to test on, and one to take another's place.
    const auto set =
        data::draw_two_clusters<double>({.dim = dim, .mean = law.mean}, m + fresh + 1, own);
    const Vector<double> y = data::flip_labels(set.labels, p.flip, own.child("noise")).given;
    // Logistic regression from 0: the slope of every loss is -1/2.
    const Vector<double> w = eta / (2 * static_cast<double>(m)) * (set.x.leftCols(m) * y.head(m));
    const Matrix<double> f = w.transpose() * set.x.leftCols(m + fresh);
    nn::Logistic{}.values(f, y.head(m + fresh), losses);
    losses.array() -= std::log(2.0);
    const double seen = losses.head(m).mean();
    const double unseen = losses.tail(fresh).mean();
    training.add(seen);
    test.add(unseen);
    gap.add(unseen - seen);
    efficiency.add(unseen, seen);
    const Index last = m + fresh;
    const Vector<double> w_replaced =
        w + eta / (2 * static_cast<double>(m)) * (set.x.col(last) * y(last) - set.x.col(0) * y(0));
    replaced.add((w_replaced - w).squaredNorm());
  }
  const double alpha = law.linear();
  const double q = law.mean_square();
  const double rest = (1 - alpha) / static_cast<double>(m);
  record(out, "training", training, -eta * q * (alpha + rest));
  record(out, "test", test, -eta * q * alpha);
  record(out, "gap", gap, eta * q * rest);
  record(out, "efficiency", efficiency, curvature::amplified_alpha(alpha, static_cast<double>(m)));
  record(out, "replaced", replaced, 2 * eta * eta * (1 - alpha) * q / static_cast<double>(m * m));
}

} // namespace gradus::examples::agreement
