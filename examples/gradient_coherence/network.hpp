// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/curvature/coherence.hpp>

namespace gradus::examples::agreement {

/// How a network is trained: mini-batch gradient descent without replacement, no momentum.
struct Training {
  Index batch = 50;
  double rate = 0.1;
  Index epochs = 1;
};

/// A ReLU network under softmax cross-entropy on one labelled set: what the experiments need of it,
/// compiled once (network.cpp).
class Network {
public:
  /// Called with the number of epochs done and the parameters, before the first and after each.
  using Look = std::function<void(Index epoch, const Vector<double>& theta)>;

  /// @param widths  inputs, hidden layers ..., classes   @param x  (inputs, n)   @param labels  (n)
  Network(std::vector<Index> widths, Matrix<double> x, const Vector<Index>& labels);
  ~Network();
  Network(Network&&) noexcept;

  /// Weights N(0, 2 / fan_in), those of the last layer times `last_scale`; biases 0.
  [[nodiscard]] Vector<double> initial(double last_scale, const Stream& stream) const;
  /// Trains; false if loss or gradient was not finite.
  [[nodiscard]] bool train(Vector<double>& theta, const Training& how, const Stream& stream,
                           const Look& look);
  /// Agreement of the gradients of all examples: no gradient of a single one is formed.
  [[nodiscard]] curvature::Coherence coherence(const Vector<double>& theta);
  /// m g_i . g / q for every example (n): g the mean gradient, q the mean of |g_i|^2.
  [[nodiscard]] std::vector<double> alignments(const Vector<double>& theta);
  /// Class with the largest output for every example (n).
  [[nodiscard]] std::vector<Index> predictions(const Vector<double>& theta);
  /// Mean loss.
  [[nodiscard]] double loss(const Vector<double>& theta);
  /// Mean loss of a batch, and its gradient (P).
  double gradient(const Vector<double>& theta, const std::vector<Index>& batch,
                  Vector<double>& gradient);
  /// Gradients of single examples (P, n).
  void per_example_gradients(const Vector<double>& theta, Matrix<double>& gradients);
  /// Their squared norms (n) by the layers' factors.
  void squared_norms(const Vector<double>& theta, Vector<double>& norms);

  [[nodiscard]] Index num_parameters() const;
  [[nodiscard]] Index num_examples() const;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Share of entries that are equal; NaN for none.
[[nodiscard]] double agreement_of(const std::vector<Index>& predicted, const Vector<Index>& labels);

/// Widths of an MLP on digits with the given hidden layers.
[[nodiscard]] inline std::vector<Index> digit_widths(const std::vector<Index>& hidden) {
  std::vector<Index> widths{64};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(10);
  return widths;
}

} // namespace gradus::examples::agreement
