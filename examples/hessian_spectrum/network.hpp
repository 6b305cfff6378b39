// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <limits>
#include <memory>

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::hessian {

using objective::Curvature;

/// What a network is trained on.
struct Samples {
  Matrix<double> x;     ///< (d, N)
  Vector<Index> labels; ///< 0 ... K - 1 (N)
};

/// Inputs and labels of a setting: inputs from stream.child("data").
Samples draw_samples(const Params& p, const Stream& stream);

/// How a descent goes on.
struct Way {
  Index steps = 1;                                          ///< most steps
  double target = -std::numeric_limits<double>::infinity(); ///< full loss at which it ends
  Index batch = 0; ///< samples of a step; 0: all. Then the full loss is seen at every tenth step
  std::function<void(Index step, double loss)> watch = {}; ///< sees the full loss, if given
};

/// How it ended.
struct End {
  Index steps = 0;       ///< made
  double loss = 0;       ///< full loss at the end
  bool diverged = false; ///< a loss or gradient was not finite
};

/// A network with softmax cross-entropy on its samples: all that the experiments ask of it, so that
/// only two files have to know how it is made.
class Network {
public:
  virtual ~Network() = default;

  /// Size P.
  [[nodiscard]] virtual Index num_parameters() const = 0;
  /// Initial parameters (P).
  [[nodiscard]] virtual Vector<double> start(const Stream& stream) const = 0;
  /// Mean loss.
  virtual double loss(const Vector<double>& theta) = 0;
  /// Descends from theta, which moves. @param stream  draws the batches
  virtual End descend(Vector<double>& theta, const Way& way, const Stream& stream) = 0;
  /// Losses at even places of the line between two points, ends included.
  virtual Vector<double> line(const Vector<double>& first, const Vector<double>& second,
                              Index points) = 0;
  /// A curvature matrix (P, P).
  virtual Matrix<double> curvature(const Vector<double>& theta, Curvature kind) = 0;
  /// Products of directions (P, k) with the Hessian.
  virtual void products(const Vector<double>& theta, ConstMatrixRef<double> directions,
                        MatrixRef<double> products) = 0;
  /// Eigenvalues of the residual by its blocks (P), falling; empty but for one layer of ReLUs.
  virtual Vector<double> residual_spectrum(const Vector<double>& theta) = 0;
  /// Matrix (N, N) with the non-zero eigenvalues of the Gauss-Newton matrix; two outputs.
  virtual Matrix<double> gauss_newton_gram(const Vector<double>& theta) = 0;
  /// Gradient of every sample's loss (P, N).
  virtual Matrix<double> loss_gradients(const Vector<double>& theta) = 0;
  /// Gradient of the difference of the outputs 1 and 0 at every sample (P, N); two outputs.
  virtual Matrix<double> output_gradients(const Vector<double>& theta) = 0;
};

/// A network without biases for the setting.
std::unique_ptr<Network> make_network(const Params& p, Samples samples);
std::unique_ptr<Network> make_relu_network(const Params& p, Samples samples);
std::unique_ptr<Network> make_tanh_network(const Params& p, Samples samples);

/// The network of a seed: samples from stream.child("data"), start from stream.child("net").
std::unique_ptr<Network> network_of(const Params& p, const Stream& stream);

/// Trains by full batches to the setting's target or number of steps; false if it diverged, which
/// is then written down. Records "steps" and "loss".
bool train(const Params& p, Network& net, Vector<double>& theta, Record& out);

} // namespace gradus::examples::hessian
