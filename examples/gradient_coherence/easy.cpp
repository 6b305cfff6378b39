// SPDX-License-Identifier: BSD-3-Clause
// What is learned early: easy and hard digits, digits in clean and in noisy pixels.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include "network.hpp"
#include <gradus/core/distributions.hpp>
#include <gradus/data/digits.hpp>
#include <gradus/data/label_noise.hpp>
#include <gradus/metrics/learning_time.hpp>
#include <gradus/metrics/rank_correlation.hpp>

namespace gradus::examples::agreement {

namespace {

void add(std::vector<double>& sum, const std::vector<double>& more, double weight) {
  sum.resize(more.size(), 0.0);
  for (std::size_t i = 0; i < more.size(); ++i) {
    sum[i] += weight * more[i];
  }
}

/// What several networks say of the single examples of one set.
struct Timing {
  std::vector<double> times;                        ///< mean learning time, epochs + 1 for never
  std::vector<double> aligned_start, aligned_first; ///< m g_i.g / q before and after one epoch
  bool finished = true;
};

Timing time_examples(const Params& p, const std::vector<Index>& hidden, const Matrix<double>& x,
                     const Vector<Index>& labels, Index epochs, bool alignments,
                     const Stream& stream) {
  Timing result;
  const double weight = 1.0 / static_cast<double>(p.timing_nets);
  Network net(digit_widths(hidden), x, labels);
  for (Index k = 0; k < p.timing_nets; ++k) {
    const Stream own = stream.child("timing", static_cast<std::uint64_t>(k));
    Vector<double> theta = net.initial(p.last_scale, own.child("network"));
    metrics::LearningTimes times(x.cols());
    result.finished &= net.train(theta, {.batch = p.batch, .rate = p.rate, .epochs = epochs},
                                 own.child("batches"), [&](Index epoch, const Vector<double>& now) {
                                   if (epoch > 0) {
                                     const auto predicted = net.predictions(now);
                                     times.look(static_cast<double>(epoch), [&](Index i) {
                                       return predicted[static_cast<std::size_t>(i)] == labels(i);
                                     });
                                   }
                                   if (alignments && epoch <= 1) {
                                     add(epoch == 0 ? result.aligned_start : result.aligned_first,
                                         net.alignments(now), weight);
                                   }
                                 });
    add(result.times, times.times(static_cast<double>(epochs + 1)), weight);
  }
  return result;
}

} // namespace

void run_easy(const Params& p, const Stream& stream, Record& out) {
  const std::vector<Index> hidden = p.hidden();
  constexpr double pixels = 0.5;
  const auto train =
      data::draw_digits<double>({.noise = pixels}, p.easy_train, stream.child("training"));
  const auto test = data::draw_digits<double>({.noise = pixels}, p.num_test, stream.child("test"));
  const Timing timing =
      time_examples(p, hidden, train.x, train.classes, p.easy_epochs, false, stream);
  std::vector<Index> order(static_cast<std::size_t>(p.easy_train));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return timing.times[static_cast<std::size_t>(a)] < timing.times[static_cast<std::size_t>(b)];
  });
  bool finished = timing.finished;
  Network judge(digit_widths(hidden), test.x, test.classes);
  const Index quarter = p.easy_train / 4;
  for (const bool easy : {true, false}) {
    const std::string prefix = easy ? "easy_" : "hard_";
    Matrix<double> x(train.x.rows(), quarter);
    Vector<Index> classes(quarter);
    double mean_time = 0;
    for (Index k = 0; k < quarter; ++k) {
      const Index i = order[static_cast<std::size_t>(easy ? k : p.easy_train - quarter + k)];
      x.col(k) = train.x.col(i);
      classes(k) = train.classes(i);
      mean_time += timing.times[static_cast<std::size_t>(i)] / static_cast<double>(quarter);
    }
    Network net(digit_widths(hidden), x, classes);
    Vector<double> theta = net.initial(p.last_scale, stream.child("alone"));
    double sum = 0;
    finished &= net.train(theta, {.batch = 25, .rate = p.rate, .epochs = p.alone_epochs},
                          stream.child("batches"), [&](Index epoch, const Vector<double>& now) {
                            if (epoch >= 1 && epoch <= 10) {
                              sum += net.coherence(now).m_coherence / 10;
                            }
                          });
    out.number(prefix + "coherence", sum);
    out.number(prefix + "test", agreement_of(judge.predictions(theta), test.classes));
    out.number(prefix + "time", mean_time);
  }
  if (!finished) {
    out.diverged(0, "loss or gradient");
  }
}

void run_pixels(const Params& p, const Stream& stream, Record& out) {
  Vector<double> noise(p.easy_train);
  Stream levels = stream.child("levels");
  for (double& level : noise) {
    level = uniform(levels, 0.1, 0.9);
  }
  const auto digits = data::draw_digits<double>({}, noise, stream.child("training"));
  const auto labels = data::redraw_classes(digits.classes, data::Digits::num_classes,
                                           p.random_labels ? 1.0 : 0.0, stream.child("noise"));
  const Index epochs = p.pixel_epochs;
  const Timing timing = time_examples(p, {p.width}, digits.x, labels.given, epochs, true, stream);
  if (!timing.finished) {
    out.diverged(0, "loss or gradient");
    return;
  }
  const std::vector<double> pixel_noise(noise.data(), noise.data() + noise.size());
  out.number("noise_order", metrics::spearman(timing.times, pixel_noise));
  out.number("aligned_first", metrics::spearman(timing.times, timing.aligned_first));
  out.number("aligned_start", metrics::spearman(timing.times, timing.aligned_start));
  // Mean learning time in bins of the noise.
  constexpr std::size_t bins = 16;
  std::vector<double> centres(bins), sums(bins, 0.0), counts(bins, 0.0);
  for (std::size_t i = 0; i < timing.times.size(); ++i) {
    const auto bin =
        std::min(bins - 1, static_cast<std::size_t>((pixel_noise[i] - 0.1) / 0.8 * bins));
    sums[bin] += timing.times[i];
    counts[bin] += 1;
  }
  for (std::size_t b = 0; b < bins; ++b) {
    centres[b] = 0.1 + 0.8 * (static_cast<double>(b) + 0.5) / bins;
    sums[b] /= std::max(counts[b], 1.0);
  }
  out.series("time", {"pixel noise", centres}, std::move(sums));
}

} // namespace gradus::examples::agreement
