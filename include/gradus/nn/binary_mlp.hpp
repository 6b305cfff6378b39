// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/batch_norm.hpp>
#include <gradus/nn/binary_linear.hpp>
#include <gradus/nn/detail/directions.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/normalized_mlp.hpp>
#include <gradus/nn/surrogate.hpp>

namespace gradus::nn {

/// Fully connected binary network over one flat vector of real parameters:
///   a_1 = norm_1(W_1 x),
///   a_l = norm_l(scale_l sign(W_l) sign(a_{l-1})) for 1 < l < L,
///   output W_L a_{L-1} + b_L,
/// norm_l being batch normalisation with gain gamma_l and offset beta_l. First and last layer are
/// of full precision, those between are BinaryLinear, whose latent weights theta holds. The layout
/// of theta is that of NormalizedMlp: W_1, beta_1, gamma_1, W_2, ..., W_L, b_L.
///
/// backward() gives the surrogate's gradient, exact for all that lies above the last binary layer.
/// forward() and backward() are those of training, evaluate() uses running statistics.
template <Scalar T, class S>
requires Surrogate<S, T>
class BinaryMlp {
  using Shape = NormalizedMlp<T, Identity>;

public:
  /// Scalar type of parameters and values.
  using Value = T;
  /// Running statistics of every normalisation, in order.
  using Statistics = typename Shape::Statistics;

  /// Memory of one pass: kept by the caller, grown at the first call, reused after it.
  struct Workspace {
    /// Of one weight layer.
    struct Layer {
      Buffer<T> a;                     ///< linear map, then its normalised self; last: outputs
      Buffer<T> delta;                 ///< d loss / d a, then d loss / d linear map
      BatchNormWorkspace<T> norm;      ///< of the normalisation
      BinaryLinearWorkspace<T> binary; ///< of a binary layer
    };
    std::vector<Layer> layers; ///< one per weight layer
    Buffer<T> partial;         ///< partial results of products
  };

  /// @param widths  inputs, hidden layers ..., outputs: at least three numbers >= 1
  /// @throws ArgumentError
  explicit BinaryMlp(std::vector<Index> widths, BinaryLinear<S> binary = {}, BatchNorm norm = {})
      : shape_(std::move(widths), norm), binary_(std::move(binary)) {
    require(depth() >= 2, "number of widths", depth() + 1, ">= 3");
  }

  /// Number of weight layers L; layers 2 ... L - 1 are binary.
  [[nodiscard]] Index depth() const { return shape_.depth(); }
  /// Units of a layer; layer 0 are the inputs.
  [[nodiscard]] Index width(Index layer) const { return shape_.width(layer); }
  /// Features of a sample.
  [[nodiscard]] Index num_inputs() const { return shape_.num_inputs(); }
  /// Outputs of a sample.
  [[nodiscard]] Index num_outputs() const { return shape_.num_outputs(); }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return shape_.num_parameters(); }
  /// The surrogate in use.
  [[nodiscard]] const S& surrogate() const { return binary_.surrogate; }
  /// Another surrogate from the next backward pass on.
  void set_surrogate(S surrogate) { binary_.surrogate = std::move(surrogate); }

  /// W_l inside theta, shape (width_l, width_{l-1}); l = 1, ..., L. A view.
  template <class V>
  [[nodiscard]] auto weights(V&& theta, Index l) const {
    return shape_.weights(theta, l);
  }
  /// beta_l inside theta, or b_L of the last layer, shape (width_l). A view.
  template <class V>
  [[nodiscard]] auto bias(V&& theta, Index l) const {
    return shape_.bias(theta, l);
  }
  /// gamma_l inside theta, shape (width_l); l < L. A view.
  template <class V>
  [[nodiscard]] auto gamma(V&& theta, Index l) const {
    return shape_.gamma(theta, l);
  }

  /// Weights drawn by three initialisations, of the first layer, the binary ones and the last;
  /// layer l from stream.child("layer", l); biases 0, gamma 1.
  template <Initialization First, Initialization Binary, Initialization Last>
  [[nodiscard]] Vector<T> initial_parameters(const First& first, const Binary& binary,
                                             const Last& last, const Stream& stream) const {
    Vector<T> theta = shape_.initial_parameters(binary, stream);
    const auto draw = [&](const auto& init, Index l) {
      Stream layer = stream.child("layer", static_cast<std::uint64_t>(l));
      MatrixRef<T> w = weights(theta, l);
      init.fill(w, layer);
    };
    draw(first, 1);
    draw(last, depth());
    return theta;
  }

  /// Statistics before any batch: means 0, variances 1.
  /// @param momentum  share of the newest block, in [0, 1]
  [[nodiscard]] Statistics initial_statistics(RealOf<T> momentum = RealOf<T>(0.1)) const {
    return shape_.initial_statistics(momentum);
  }

  /// Outputs for all columns of x with batch statistics, shape (num_outputs, samples): a view into
  /// the workspace, valid until its next use.
  MatrixMap<T> forward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws) const {
    return pass(theta, x, ws, [&](Index l, MatrixRef<T> a) {
      shape_.normalization().template forward<T>(gamma(theta, l), bias(theta, l), a, at(ws, l).norm,
                                                 a);
    });
  }

  /// gradient = sum_i J_i^T d_i over the outputs of the last forward pass, f' standing for the
  /// derivative of sign.
  /// @param x  the data of the forward pass   @param d_outputs  (num_outputs, samples)
  /// @param gradient  (num_parameters), overwritten
  void backward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                Workspace& ws, VectorRef<T> gradient) const {
    const Index n = x.cols();
    const Index top = depth();
    detail::sum_columns(d_outputs, bias(gradient, top));
    MatrixRef<T> top_gradient = weights(gradient, top);
    multiply<T>(top_gradient, d_outputs, activation(ws, top - 1, n).transpose(), ws.partial);
    auto below = delta(ws, top - 1, n);
    multiply<T>(below, weights(theta, top).transpose(), d_outputs, ws.partial);
    for (Index l = top - 1;; --l) {
      auto here = delta(ws, l, n);
      shape_.normalization().template backward<T>(gamma(theta, l), here, at(ws, l).norm,
                                                  gamma(gradient, l), bias(gradient, l), here);
      MatrixRef<T> w_gradient = weights(gradient, l);
      if (l == 1) {
        multiply<T>(w_gradient, here, x.transpose(), ws.partial);
        return;
      }
      binary_.template backward<T>(weights(theta, l), activation(ws, l - 1, n), here,
                                   at(ws, l).binary, w_gradient, delta(ws, l - 1, n));
    }
  }

  /// Running statistics take one step for each block of the last forward pass.
  /// @throws ArgumentError for another number of layers
  void absorb(Workspace& ws, Statistics& statistics) const {
    require_statistics(statistics);
    for (Index l = 1; l < depth(); ++l) {
      statistics[static_cast<std::size_t>(l - 1)].absorb(at(ws, l).norm);
    }
  }

  /// Outputs for all columns of x with running statistics: samples do not see each other. A view
  /// into the workspace.
  MatrixMap<T> evaluate(ConstVectorRef<T> theta, const Statistics& statistics, ConstMatrixRef<T> x,
                        Workspace& ws) const {
    require_statistics(statistics);
    return pass(theta, x, ws, [&](Index l, MatrixRef<T> a) {
      shape_.normalization().template evaluate<T>(
          gamma(theta, l), bias(theta, l), statistics[static_cast<std::size_t>(l - 1)], a, a);
    });
  }

private:
  static typename Workspace::Layer& at(Workspace& ws, Index l) {
    return ws.layers[static_cast<std::size_t>(l - 1)];
  }
  MatrixMap<T> activation(Workspace& ws, Index l, Index n) const {
    return at(ws, l).a.matrix(width(l), n);
  }
  MatrixMap<T> delta(Workspace& ws, Index l, Index n) const {
    return at(ws, l).delta.matrix(width(l), n);
  }
  void require_statistics(const Statistics& statistics) const {
    require(static_cast<Index>(statistics.size()) == depth() - 1, "number of statistics",
            statistics.size(), "one a normalisation");
  }

  template <class Normalize>
  MatrixMap<T> pass(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws,
                    const Normalize& normalize) const {
    ws.layers.resize(static_cast<std::size_t>(depth()));
    const Index n = x.cols();
    for (Index l = 1; l < depth(); ++l) {
      auto a = activation(ws, l, n);
      if (l == 1) {
        multiply<T>(a, weights(theta, l), x, ws.partial);
      } else {
        binary_.template forward<T>(weights(theta, l), activation(ws, l - 1, n), at(ws, l).binary,
                                    a);
      }
      normalize(l, a);
    }
    auto outputs = activation(ws, depth(), n);
    multiply<T>(outputs, weights(theta, depth()), activation(ws, depth() - 1, n), ws.partial);
    outputs.colwise() += bias(theta, depth());
    return outputs;
  }

  Shape shape_;
  BinaryLinear<S> binary_;
};

} // namespace gradus::nn
