// SPDX-License-Identifier: BSD-3-Clause
// Generalisation gap of logistic regression against the coherence bound.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "experiments.hpp"
#include <gradus/core/buffer.hpp>
#include <gradus/core/product.hpp>
#include <gradus/curvature/coherence_bound.hpp>
#include <gradus/data/clusters.hpp>
#include <gradus/nn/loss/margin.hpp>

namespace gradus::examples::agreement {

namespace {

/// Logistic regression of many weight vectors at once on one labelled set.
class Logistic {
public:
  explicit Logistic(const data::LabelledSamples<double>& set)
      : x_(set.x * set.labels.asDiagonal()), ones_(Vector<double>::Ones(set.x.cols())) {}

  /// Losses of every sample (n, k), and what follows from them. @param w  (d, k)
  void look(const Matrix<double>& w) {
    const Index n = x_.cols();
    margins.resize(n, w.cols());
    slopes.resize(n, w.cols());
    losses.resize(n, w.cols());
    gradients.resize(x_.rows(), w.cols());
    multiply<double>(margins, x_.transpose(), w, scratch_);
    for (Index k = 0; k < w.cols(); ++k) {
      nn::Logistic{}.value_and_gradient(margins.col(k).transpose(), ones_, losses.col(k),
                                        row_of(slopes, k));
    }
    multiply<double>(gradients, x_, slopes, scratch_, 1.0 / static_cast<double>(n));
  }

  Matrix<double> margins;   ///< (n, k)
  Matrix<double> losses;    ///< (n, k)
  Matrix<double> slopes;    ///< derivatives of the losses by the margins (n, k)
  Matrix<double> gradients; ///< of the mean loss (d, k)

private:
  /// A column, as the row that a loss of one output writes.
  static MatrixMap<double> row_of(Matrix<double>& m, Index k) {
    return {m.col(k).data(), 1, m.rows()};
  }

  Matrix<double> x_; ///< inputs times their labels
  Vector<double> ones_;
  Buffer<double> scratch_;
};

/// Samples with |x| = 1, so that the loss is 1-Lipschitz in the weights.
data::LabelledSamples<double> unit_clusters(const Params& p, Index n, const Stream& stream) {
  auto set = data::draw_two_clusters<double>({.dim = 100, .mean = p.separation}, n, stream);
  set.x.colwise().normalize();
  return set;
}

} // namespace

void run_gap(const Params& p, const Stream& stream, Record& out) {
  constexpr Index n = 50;
  constexpr double rate = 0.5;
  constexpr Index followed = 10; // sets along whose path the population is asked
  Logistic population(unit_clusters(p, 4000, stream.child("test")));
  Matrix<double> w = Matrix<double>::Zero(100, p.gap_sets);
  std::vector<Logistic> sets;
  for (Index k = 0; k < p.gap_sets; ++k) {
    sets.emplace_back(unit_clusters(p, n, stream.child("training", static_cast<std::uint64_t>(k))));
  }
  std::vector<curvature::CoherenceBound> bounds(static_cast<std::size_t>(followed),
                                                curvature::CoherenceBound(n));
  double start_alpha = 0;
  for (Index t = 0; t < p.gap_steps; ++t) {
    population.look(w.leftCols(followed));
    for (Index k = 0; k < followed; ++k) {
      const double square = population.slopes.col(k).squaredNorm() / 4000; // |x| = 1
      const double alpha = population.gradients.col(k).squaredNorm() / square;
      bounds[static_cast<std::size_t>(k)].step(rate, alpha, square);
      start_alpha = t == 0 ? alpha : start_alpha;
    }
    for (Index k = 0; k < p.gap_sets; ++k) {
      auto& set = sets[static_cast<std::size_t>(k)];
      set.look(w.col(k));
      w.col(k) -= rate * set.gradients.col(0);
    }
  }
  double train = 0;
  for (Index k = 0; k < p.gap_sets; ++k) {
    auto& set = sets[static_cast<std::size_t>(k)];
    set.look(w.col(k));
    train += set.losses.mean() / static_cast<double>(p.gap_sets);
  }
  population.look(w);
  double path = 0;
  double theorem = 0;
  for (const auto& bound : bounds) {
    path += bound.path_form() / static_cast<double>(followed);
    theorem += bound.theorem_form() / static_cast<double>(followed);
  }
  out.number("gap", population.losses.mean() - train);
  out.number("train_loss", train);
  out.number("path", path);
  out.number("theorem", theorem);
  out.number("alpha", start_alpha);
}

} // namespace gradus::examples::agreement
