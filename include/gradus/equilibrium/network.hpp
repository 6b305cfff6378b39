// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/layout.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/steep_sigmoid.hpp>

namespace gradus::equilibrium {

/// Weights at a given angle between the two directions of every pair of layers:
///   B_l = cos(angle) W_{l+1}^T + sin(angle) B_random,
/// all random entries N(0, gain^2 / fan_in), those of the readout with a gain of their own, biases
/// 0. Angle 0 is the classical symmetric network,
/// a right angle two independent sets of weights. In a fully connected network the couplings
/// M(i, j), i > j, stand for the forward weights.
struct RotatedFeedback {
  double gain = 1.0;         ///< >= 0, finite
  double angle = 0.0;        ///< radians, finite
  double readout_gain = 1.0; ///< >= 0, finite

  /// @throws ArgumentError that names the field outside its range
  void validate() const {
    require(gain >= 0 && std::isfinite(gain), "gain", gain, ">= 0, finite");
    require(std::isfinite(angle), "angle", angle, "finite");
    require(readout_gain >= 0 && std::isfinite(readout_gain), "readout_gain", readout_gain,
            ">= 0, finite");
  }
};

/// A network that settles in a fixed point (equilibrium/layout.hpp) over one flat parameter vector:
/// a small value that owns no parameters and no memory.
template <Scalar T, nn::Activation A = nn::SteepSigmoid>
class Network {
public:
  /// Scalar type of parameters and states.
  using Value = T;
  /// The activation's type.
  using Activation = A;

  /// The network of that layout.
  explicit Network(NetworkLayout layout, A activation = {})
      : layout_(std::move(layout)), activation_(std::move(activation)) {}

  /// Units, couplings, places in theta.
  [[nodiscard]] const NetworkLayout& layout() const { return layout_; }
  /// r = activation(u).
  [[nodiscard]] const A& activation() const { return activation_; }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return layout_.num_parameters(); }

  /// Parameters drawn by the rule; every matrix has a stream of its own, so that networks that
  /// differ in the angle alone share their forward weights and the random part of the feedback.
  /// @throws ArgumentError for a bad setting
  [[nodiscard]] Vector<T> initial_parameters(const RotatedFeedback& init,
                                             const Stream& stream) const {
    init.validate();
    Vector<T> theta = Vector<T>::Zero(num_parameters());
    const auto fill = [&](auto weights, double gain, const char* name, std::uint64_t index) {
      Stream draws = stream.child(name, index);
      fill_normal(draws, std::span<T>(weights.data(), static_cast<std::size_t>(weights.size())),
                  gain / std::sqrt(static_cast<double>(weights.cols())));
    };
    fill(layout_.input_weights(theta), init.gain, "input", 0);
    fill(layout_.readout(theta), init.readout_gain, "readout", 0);
    std::uint64_t index = 0;
    for (const CouplingBlock& block : layout_.blocks()) {
      fill(layout_.coupling(theta, block), init.gain, "coupling", index++);
    }
    const T along(RealOf<T>(std::cos(init.angle)));
    const T across(RealOf<T>(std::sin(init.angle)));
    for (Index l = 1; l < layout_.depth(); ++l) {
      auto feedback = layout_.feedback_weights(theta, l);
      feedback =
          (across * feedback + along * layout_.forward_weights(theta, l + 1).transpose()).eval();
    }
    if (layout_.depth() == 1) {
      for (const CouplingBlock& block : layout_.blocks()) {
        auto m = layout_.coupling(theta, block);
        for (Index j = 0; j < m.cols(); ++j) {
          for (Index i = 0; i < j; ++i) {
            m(i, j) = across * m(i, j) + along * m(j, i);
          }
        }
      }
    }
    return theta;
  }

  /// Makes every pair of couplings the same, M = M^T, by taking over those of the forward direction
  /// (in a fully connected network the lower triangle): the classical symmetric network.
  void symmetrise(VectorRef<T> theta) const {
    require_size(theta, "theta", num_parameters());
    for (Index l = 1; l < layout_.depth(); ++l) {
      layout_.feedback_weights(theta, l) = layout_.forward_weights(theta, l + 1).transpose();
    }
    if (layout_.depth() == 1) {
      for (const CouplingBlock& block : layout_.blocks()) {
        auto m = layout_.coupling(theta, block);
        for (Index j = 0; j < m.cols(); ++j) {
          for (Index i = 0; i < j; ++i) {
            m(i, j) = m(j, i);
          }
        }
      }
    }
  }

  /// Turns the gradient of free couplings into that of couplings tied by M = M^T: both of a pair
  /// get the sum of the two, so that a rule that treats parameters alike keeps them tied.
  void tie_gradient(VectorRef<T> gradient) const {
    require_size(gradient, "gradient", num_parameters());
    for (Index l = 1; l < layout_.depth(); ++l) {
      auto forward = layout_.forward_weights(gradient, l + 1);
      auto feedback = layout_.feedback_weights(gradient, l);
      forward += feedback.transpose();
      feedback = forward.transpose();
    }
    if (layout_.depth() == 1) {
      for (const CouplingBlock& block : layout_.blocks()) {
        auto m = layout_.coupling(gradient, block);
        for (Index j = 0; j < m.cols(); ++j) {
          for (Index i = 0; i < j; ++i) {
            m(i, j) += m(j, i);
            m(j, i) = m(i, j);
          }
        }
      }
    }
  }

private:
  NetworkLayout layout_;
  A activation_;
};

} // namespace gradus::equilibrium
