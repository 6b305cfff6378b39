// SPDX-License-Identifier: BSD-3-Clause
// Networks on drawn digits of whose labels some are redrawn.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "experiments.hpp"
#include "network.hpp"
#include <gradus/data/digits.hpp>
#include <gradus/data/label_noise.hpp>

namespace gradus::examples::agreement {

namespace {

constexpr Index num_classes = data::Digits::num_classes;

data::DigitSamples<double> draw(const Params& p, Index n, const Stream& stream) {
  return data::draw_digits<double>({.noise = p.pixel_noise}, n, stream);
}

std::vector<Index> widths_of(const Params& p) { return digit_widths(p.hidden()); }

/// Share of the right predictions among the examples of one kind; NaN if there are none.
double fit_of(const std::vector<Index>& predicted, const data::NoisyLabels<Index>& labels,
              bool corrupt) {
  double right = 0;
  double count = 0;
  for (Index i = 0; i < labels.given.size(); ++i) {
    if (labels.corrupt(i) == corrupt) {
      count += 1;
      right += predicted[static_cast<std::size_t>(i)] == labels.given(i) ? 1 : 0;
    }
  }
  return count > 0 ? right / count : std::numeric_limits<double>::quiet_NaN();
}

/// First coordinate from which a series reaches a level.
std::optional<double> first_time(const std::vector<double>& values, double level) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= level) {
      return static_cast<double>(i);
    }
  }
  return std::nullopt;
}

} // namespace

void run_noise(const Params& p, const Stream& stream, Record& out) {
  const auto train = draw(p, p.num_train, stream.child("training"));
  const auto test = draw(p, p.num_test, stream.child("test"));
  const auto labels =
      data::redraw_classes(train.classes, num_classes, p.noise, stream.child("noise"));
  const auto test_labels =
      data::redraw_classes(test.classes, num_classes, p.noise, stream.child("test noise"));
  Network net(widths_of(p), train.x, labels.given);
  Network judge(widths_of(p), test.x, test_labels.given); // noise as in training
  Vector<double> theta = net.initial(p.last_scale, stream.child("network"));

  std::vector<double> epochs, fit, pristine, corrupt, accuracy;
  std::vector<double> looked, coherence, fit_there, looked_test, test_coherence;
  const bool finished =
      net.train(theta, {.batch = p.batch, .rate = p.rate, .epochs = p.epochs},
                stream.child("batches"), [&](Index epoch, const Vector<double>& now) {
                  const auto t = static_cast<double>(epoch);
                  const bool half_before =
                      !fit.empty() && *std::max_element(fit.begin(), fit.end()) >= 0.5;
                  const auto predicted = net.predictions(now);
                  epochs.push_back(t);
                  fit.push_back(agreement_of(predicted, labels.given));
                  pristine.push_back(fit_of(predicted, labels, false));
                  corrupt.push_back(fit_of(predicted, labels, true));
                  accuracy.push_back(agreement_of(judge.predictions(now), test.classes));
                  // Every epoch up to half of the labels fitted, then every fourth.
                  if (!half_before || epoch % 4 == 0) {
                    looked.push_back(t);
                    coherence.push_back(net.coherence(now).m_coherence);
                    fit_there.push_back(fit.back());
                  }
                  if (epoch % 8 == 0 || epoch == 1 || epoch == 2 || epoch == 4) {
                    looked_test.push_back(t);
                    test_coherence.push_back(judge.coherence(now).m_coherence);
                  }
                });
  if (!finished) {
    out.diverged(epochs.back(), "loss or gradient");
    return;
  }
  // Mean from epoch 0 up to the first with half of the labels fitted.
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < looked.size(); ++i) {
    sum += coherence[i];
    count += 1;
    if (fit_there[i] >= 0.5) {
      break;
    }
  }
  out.number("start", coherence.front());
  out.number("to_half", sum / count);
  out.number("peak", *std::max_element(coherence.begin(), coherence.end()));
  out.number("best_test", *std::max_element(accuracy.begin(), accuracy.end()));
  out.number("final_test", accuracy.back());
  if (labels.num_corrupt() > 0 && labels.num_corrupt() < p.num_train) {
    out.time("pristine_time", first_time(pristine, 0.8));
    out.time("corrupt_time", first_time(corrupt, 0.8));
    out.series("pristine", {"epoch", epochs}, pristine);
    out.series("corrupt", {"epoch", epochs}, corrupt);
  }
  out.series("fit", {"epoch", epochs}, std::move(fit));
  out.series("test", {"epoch", epochs}, std::move(accuracy));
  out.series("coherence", {"epoch", looked}, std::move(coherence));
  out.series("coherence_fit", {"epoch", looked}, std::move(fit_there));
  out.series("test_coherence", {"epoch", looked_test}, std::move(test_coherence));
}

void run_size(const Params& p, const Stream& stream, Record& out) {
  const auto digits = draw(p, p.num_train, stream.child("training"));
  for (const double noise : {0.0, 1.0}) {
    const auto labels =
        data::redraw_classes(digits.classes, num_classes, noise, stream.child("noise"));
    Network net(widths_of(p), digits.x, labels.given);
    out.number(noise > 0 ? "random" : "real",
               net.coherence(net.initial(p.last_scale, stream.child("network"))).m_coherence);
  }
}

void run_redraws(const Params& p, const Stream& stream, Record& out) {
  const auto digits = draw(p, p.num_train, stream.child("training"));
  Network real(widths_of(p), digits.x, digits.classes);
  const Vector<double> theta = real.initial(p.last_scale, stream.child("network"));
  const double value = real.coherence(theta).m_coherence;
  std::vector<double> drawn;
  double mean = 0;
  double above = 0;
  for (Index k = 0; k < p.redraws; ++k) {
    const auto labels = data::redraw_classes(digits.classes, num_classes, 1.0,
                                             stream.child("redraw", static_cast<std::uint64_t>(k)));
    drawn.push_back(Network(widths_of(p), digits.x, labels.given).coherence(theta).m_coherence);
    mean += drawn.back() / static_cast<double>(p.redraws);
    above += drawn.back() >= value ? 1 : 0;
  }
  out.number("real", value);
  out.number("redrawn_mean", mean);
  out.number("redrawn_most", *std::max_element(drawn.begin(), drawn.end()));
  // The chance of random labels to be as coherent, the true labels counted among them.
  out.number("rank", (above + 1) / static_cast<double>(p.redraws + 1));
}

} // namespace gradus::examples::agreement
