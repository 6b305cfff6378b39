// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fits.hpp"
#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/half_images.hpp>
#include <gradus/data/labelled.hpp>
#include <gradus/data/stroke_digits.hpp>
#include <gradus/linear/nearest_centroid.hpp>
#include <gradus/linear/principal_axes.hpp>
#include <gradus/metrics/boundary.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::tilting {

/// Writes a vector over pixels.
inline void record_image(const std::string& name, const Vector<double>& image, Record& out) {
  Axis axis{"pixel", {}};
  for (Index k = 0; k < image.size(); ++k) {
    axis.at.push_back(static_cast<double>(k));
  }
  out.series(name, std::move(axis), {image.data(), image.data() + image.size()});
}

/// Writes the weights at a place of a path and the mirror image of the training sample i there.
inline void record_mirror(const std::string& name, const Centred& set, const Vector<double>& w,
                          Index i, Record& out) {
  record_image("w_" + name, w.normalized(), out);
  const Matrix<double> mirror = metrics::mirror_images<double>(set.x.col(i), w);
  record_image("mirror_" + name, mirror.col(0) + set.midpoint, out);
}

/// Errors of a path on a test set, moved as the training set was.
inline void test_on(const data::LabelledSamples<double>& test, const Centred& set, FitPath& path) {
  const Matrix<double> x = test.x.colwise() - set.midpoint;
  for (const Vector<double>& w : path.weights) {
    path.test_error.push_back(error_of(w, x, test.labels));
  }
}

/// Tolerances on images, where margins are coarser.
inline linear::SvmOptions<double> image_options() { return {.tolerance = 1e-3}; }

/// Half images, some of them corrupted: both learners along falling penalties, tested on clean
/// ones.
inline void run_half_images(const Params& p, const Stream& stream, Record& out) {
  const data::HalfImages setting{.side = p.half_side, .corrupted = p.corrupted};
  const Centred set(data::draw_half_images<double>(setting, p.num_train, stream.child("training")));
  const auto test =
      data::draw_half_images<double>({.side = p.half_side}, 500, stream.child("test"));
  const auto side = static_cast<double>(p.half_side);
  const auto penalties = falling_penalties(2, -4, 13, side * side / 256);
  FitPath svm = fit_svms(set, penalties, image_options(), stream.child("svm"));
  FitPath lr = fit_logistic(set, penalties);
  test_on(test, set, svm);
  test_on(test, set, lr);
  svm.record("svm_", out);
  lr.record("lr_", out);
  const auto largest = [](const std::vector<double>& v) {
    return *std::max_element(v.begin(), v.end());
  };
  out.number("test_largest", std::max(largest(svm.test_error), largest(lr.test_error)));
  const Vector<double> distances = metrics::signed_distances<double>(set.x, svm.weights.back());
  out.number("relative_step", 2 * distances.cwiseAbs().mean() / set.x.colwise().norm().mean());
  if (p.half_side <= 20) {
    const Index shown = p.num_train - 1; // the last of class -1, never a corrupted one
    record_image("x", set.x.col(shown) + set.midpoint, out);
    record_mirror("first", set, svm.weights.front(), shown, out);
    record_mirror("last", set, svm.weights.back(), shown, out);
  }
}

/// Drawn digits 3 and 7, some of them mislabelled: both learners along falling penalties.
/// @param complete  with test images and logistic regression
inline void run_digits(const Params& p, bool complete, const Stream& stream, Record& out) {
  auto samples =
      data::draw_stroke_digits<double>({}, p.digit_side, p.digit_train, stream.child("training"));
  const Matrix<double> within = linear::centred_by_class<double>(samples.x, samples.labels);
  data::swap_labels(samples.labels, p.swap, stream);
  const Centred set(std::move(samples));
  const auto side = static_cast<double>(p.digit_side);
  const auto penalties = falling_penalties(1, -5, p.num_digit_penalties, side * side / 400);
  FitPath svm = fit_svms(set, penalties, image_options(), stream.child("svm"));
  if (!complete) {
    svm.record("svm_", out);
    return;
  }
  const auto test =
      data::draw_stroke_digits<double>({}, p.digit_side, p.digit_test, stream.child("test"));
  test_on(test, set, svm);
  svm.record("svm_", out);
  FitPath lr = fit_logistic(set, penalties);
  test_on(test, set, lr);
  lr.record("lr_", out);
  out.number("plateau", plateau_angle(set, 4, stream.child("inside")));

  const linear::PrincipalAxes<double> axes(within);
  const Index leading = axes.count_holding(0.95);
  std::vector<double> shares;
  for (const Vector<double>& w : svm.weights) {
    shares.push_back(axes.share_within(w, leading));
  }
  out.number("leading_axes", static_cast<double>(leading));
  out.series("svm_share", {"penalty", penalties}, std::move(shares));
  if (p.digit_side > 28) {
    return;
  }
  record_image("x", set.x.col(0) + set.midpoint, out);
  Axis sample{"sample", {}};
  for (Index i = 0; i < set.y.size(); ++i) {
    sample.at.push_back(static_cast<double>(i));
  }
  const std::size_t last = svm.weights.size() - 1;
  for (const auto& [name, k] :
       {std::pair{std::string("first"), std::size_t{0}}, {"best", svm.best()}, {"last", last}}) {
    record_mirror(name, set, svm.weights[k], 0, out);
    const Vector<double> margins =
        metrics::signed_distances<double>(set.x, svm.weights[k]).cwiseProduct(set.y);
    out.series("margins_" + name, sample, {margins.data(), margins.data() + margins.size()});
    out.number("norm_" + name, svm.norm[k]);
  }
}

} // namespace gradus::examples::tilting
