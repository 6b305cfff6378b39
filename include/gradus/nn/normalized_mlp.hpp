// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/batch_norm.hpp>
#include <gradus/nn/detail/directions.hpp>
#include <gradus/nn/initialization.hpp>

namespace gradus::nn {

/// Fully connected network with batch normalisation after each hidden linear map, over one flat
/// parameter vector:
///   a_0 = x,  z_l = W_l a_{l-1},  a_l = activation(gamma_l norm(z_l) + beta_l) for l < L,
///   output W_L a_{L-1} + b_L.
/// theta holds W_1 (column-major, width_1 x width_0), beta_1, gamma_1, W_2, ..., W_L, b_L: the bias
/// of a hidden unit is its beta.
///
/// forward() and backward() are those of training, with the statistics of the batch or of its ghost
/// blocks (BatchNorm::ghost); evaluate() uses running ones, which absorb() brings up to date. The
/// samples of a batch are coupled, so there are no gradients of single samples.
template <Scalar T, Activation A = Relu>
class NormalizedMlp {
public:
  /// Scalar type of parameters and values.
  using Value = T;
  /// Running statistics of every hidden layer, in order.
  using Statistics = std::vector<RunningStatistics<T>>;

  /// Memory of one pass: kept by the caller, grown at the first call, reused after it.
  struct Workspace {
    /// Of one weight layer.
    struct Layer {
      Buffer<T> z;                ///< linear map, then its normalised and scaled self
      Buffer<T> a;                ///< activations
      Buffer<T> slope;            ///< activation'
      Buffer<T> delta;            ///< d loss / d z
      BatchNormWorkspace<T> norm; ///< of the normalisation
    };
    std::vector<Layer> layers; ///< one per weight layer
    Buffer<T> partial;         ///< partial results of products
  };

  /// @param widths  inputs, hidden layers ..., outputs: at least two numbers >= 1
  /// @throws ArgumentError
  explicit NormalizedMlp(std::vector<Index> widths, BatchNorm norm = {}, A activation = {})
      : widths_(std::move(widths)), norm_(norm), activation_(activation) {
    norm_.validate();
    require(widths_.size() >= 2, "number of widths", widths_.size(), ">= 2");
    for (const Index width : widths_) {
      require(width >= 1, "width", width, ">= 1");
    }
    for (Index l = 1; l <= depth(); ++l) {
      offsets_.push_back(num_parameters_);
      num_parameters_ += width(l) * width(l - 1) + width(l) * (l < depth() ? 2 : 1);
    }
  }

  /// Number of weight layers L.
  [[nodiscard]] Index depth() const { return static_cast<Index>(widths_.size()) - 1; }
  /// Units of a layer; layer 0 are the inputs.
  [[nodiscard]] Index width(Index layer) const { return widths_[static_cast<std::size_t>(layer)]; }
  /// Features of a sample.
  [[nodiscard]] Index num_inputs() const { return widths_.front(); }
  /// Outputs of a sample.
  [[nodiscard]] Index num_outputs() const { return widths_.back(); }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return num_parameters_; }
  /// How layers are normalised.
  [[nodiscard]] const BatchNorm& normalization() const { return norm_; }

  /// W_l inside theta, shape (width_l, width_{l-1}); l = 1, ..., L. A view.
  template <class V>
  [[nodiscard]] auto weights(V&& theta, Index l) const {
    return view_as_matrix(theta.data() + offset(l), width(l), width(l - 1));
  }
  /// beta_l inside theta, or b_L of the last layer, shape (width_l). A view.
  template <class V>
  [[nodiscard]] auto bias(V&& theta, Index l) const {
    return view_as_vector(theta.data() + offset(l) + width(l) * width(l - 1), width(l));
  }
  /// gamma_l inside theta, shape (width_l); l < L. A view.
  template <class V>
  [[nodiscard]] auto gamma(V&& theta, Index l) const {
    return view_as_vector(theta.data() + offset(l) + width(l) * (width(l - 1) + 1), width(l));
  }

  /// Weights drawn by the given initialisation, layer l from stream.child("layer", l); biases 0,
  /// gamma 1.
  template <Initialization Init>
  [[nodiscard]] Vector<T> initial_parameters(const Init& init, const Stream& stream) const {
    Vector<T> theta = Vector<T>::Zero(num_parameters_);
    for (Index l = 1; l <= depth(); ++l) {
      Stream layer = stream.child("layer", static_cast<std::uint64_t>(l));
      MatrixRef<T> w = weights(theta, l);
      init.fill(w, layer);
      if (l < depth()) {
        gamma(theta, l).setOnes();
      }
    }
    return theta;
  }

  /// Statistics before any batch: means 0, variances 1.
  /// @param momentum  share of the newest block, in [0, 1]
  [[nodiscard]] Statistics initial_statistics(RealOf<T> momentum = RealOf<T>(0.1)) const {
    Statistics statistics;
    for (Index l = 1; l < depth(); ++l) {
      statistics.emplace_back(width(l), momentum);
    }
    return statistics;
  }

  /// Outputs for all columns of x with batch statistics, shape (num_outputs, samples): a view into
  /// the workspace, valid until its next use.
  MatrixMap<T> forward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws) const {
    ws.layers.resize(static_cast<std::size_t>(depth()));
    for (Index l = 1; l < depth(); ++l) {
      auto& layer = at(ws, l);
      auto z = linear(theta, x, ws, l);
      norm_.forward<T>(gamma(theta, l), bias(theta, l), z, layer.norm, z);
      apply_with_derivative(activation_, z, layer.a.matrix(z.rows(), z.cols()),
                            layer.slope.matrix(z.rows(), z.cols()));
    }
    return output(theta, x, ws);
  }

  /// gradient = sum_i J_i^T d_i over the outputs of the last forward pass, the statistics being
  /// functions of theta: with d = d loss / d outputs it is the gradient of the summed loss.
  /// @param x  the data of the forward pass   @param d_outputs  (num_outputs, samples)
  /// @param gradient  (num_parameters), overwritten
  void backward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                Workspace& ws, VectorRef<T> gradient) const {
    const Index n = x.cols();
    at(ws, depth()).delta.matrix(num_outputs(), n) = d_outputs;
    detail::sum_columns(d_outputs, bias(gradient, depth()));
    for (Index l = depth(); l >= 1; --l) {
      const auto delta = at(ws, l).delta.matrix(width(l), n);
      auto w_gradient = weights(gradient, l);
      if (l == 1) {
        multiply<T>(w_gradient, delta, x.transpose(), ws.partial);
        return;
      }
      auto& below = at(ws, l - 1);
      multiply<T>(w_gradient, delta, below.a.matrix(width(l - 1), n).transpose(), ws.partial);
      auto back = below.delta.matrix(width(l - 1), n);
      const auto slope = below.slope.matrix(width(l - 1), n);
      multiply_then<T>(
          back, weights(theta, l).transpose(), delta, ws.partial, [&](Index start, Index count) {
            back.middleCols(start, count).array() *= slope.middleCols(start, count).array();
          });
      norm_.backward<T>(gamma(theta, l - 1), back, below.norm, gamma(gradient, l - 1),
                        bias(gradient, l - 1), back);
    }
  }

  /// Running statistics take one step for each block of the last forward pass.
  /// @throws ArgumentError for another number of layers
  void absorb(Workspace& ws, Statistics& statistics) const {
    require(static_cast<Index>(statistics.size()) == depth() - 1, "number of statistics",
            statistics.size(), "one a hidden layer");
    for (Index l = 1; l < depth(); ++l) {
      statistics[static_cast<std::size_t>(l - 1)].absorb(at(ws, l).norm);
    }
  }

  /// Outputs for all columns of x with running statistics: samples do not see each other. A view
  /// into the workspace.
  MatrixMap<T> evaluate(ConstVectorRef<T> theta, const Statistics& statistics, ConstMatrixRef<T> x,
                        Workspace& ws) const {
    require(static_cast<Index>(statistics.size()) == depth() - 1, "number of statistics",
            statistics.size(), "one a hidden layer");
    ws.layers.resize(static_cast<std::size_t>(depth()));
    for (Index l = 1; l < depth(); ++l) {
      auto z = linear(theta, x, ws, l);
      norm_.evaluate<T>(gamma(theta, l), bias(theta, l),
                        statistics[static_cast<std::size_t>(l - 1)], z, z);
      apply(activation_, z, at(ws, l).a.matrix(z.rows(), z.cols()));
    }
    return output(theta, x, ws);
  }

private:
  static typename Workspace::Layer& at(Workspace& ws, Index l) {
    return ws.layers[static_cast<std::size_t>(l - 1)];
  }
  [[nodiscard]] Index offset(Index l) const { return offsets_[static_cast<std::size_t>(l - 1)]; }

  /// W_l a_{l-1} in the layer's z.
  MatrixMap<T> linear(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws, Index l) const {
    auto z = at(ws, l).z.matrix(width(l), x.cols());
    if (l == 1) {
      multiply<T>(z, weights(theta, l), x, ws.partial);
    } else {
      multiply<T>(z, weights(theta, l), at(ws, l - 1).a.matrix(width(l - 1), x.cols()), ws.partial);
    }
    return z;
  }
  MatrixMap<T> output(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws) const {
    auto z = linear(theta, x, ws, depth());
    z.colwise() += bias(theta, depth());
    return z;
  }

  std::vector<Index> widths_;
  BatchNorm norm_;
  A activation_;
  std::vector<Index> offsets_;
  Index num_parameters_ = 0;
};

} // namespace gradus::nn
