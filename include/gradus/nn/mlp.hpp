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
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/input.hpp>

namespace gradus::nn {

/// Architecture of a fully connected network.
struct MlpShape {
  std::vector<Index> widths; ///< inputs, hidden layers ..., outputs: at least two numbers >= 1
  bool biases = true;        ///< one bias per unit of every layer after the input
};

/// Fully connected network of any depth over one flat parameter vector:
///   a_0 = x,  z_l = W_l a_{l-1} + b_l,  a_l = activation(z_l) for l < L,  output z_L.
/// theta holds W_1 (column-major, width_1 x width_0), b_1, W_2, b_2, ...
///
/// The network itself is a small value that owns no parameters and no memory; the caller keeps
/// theta and a Workspace. Data X are features x samples, or whatever Input says (nn/input.hpp).
template <Scalar T, Activation A = Relu, class Input = DenseInput>
class Mlp {
public:
  /// Scalar type of parameters and values.
  using Value = T;

  /// Memory of one pass: kept by the caller, grown at the first call, reused after it. The passes
  /// of one batch go together: backward() reads what forward() left.
  struct Workspace {
    /// Memory of one weight layer.
    struct Layer {
      Buffer<T> z;     ///< pre-activations
      Buffer<T> a;     ///< activations
      Buffer<T> slope; ///< activation'(z)
      Buffer<T> delta; ///< d loss / d z
      Buffer<T> z_dot; ///< directional derivative of z
      Buffer<T> a_dot; ///< directional derivative of a
      Buffer<T> d_dot; ///< directional derivative of delta
    };
    /// One per weight layer.
    std::vector<Layer> layers;
    Buffer<T> partial; ///< partial results of products
  };

  /// @throws ArgumentError unless there are at least two widths, each >= 1
  explicit Mlp(MlpShape shape, A activation = {}, Input input = {})
      : shape_(std::move(shape)), activation_(std::move(activation)), input_(input) {
    require(shape_.widths.size() >= 2, "number of widths", shape_.widths.size(), ">= 2");
    for (const Index width : shape_.widths) {
      require(width >= 1, "width", width, ">= 1");
    }
    for (Index l = 1; l <= depth(); ++l) {
      offsets_.push_back(num_parameters_);
      num_parameters_ += width(l) * width(l - 1) + (shape_.biases ? width(l) : 0);
    }
  }

  /// Number of weight layers L.
  [[nodiscard]] Index depth() const { return static_cast<Index>(shape_.widths.size()) - 1; }
  /// Units of a layer; layer 0 are the inputs.
  [[nodiscard]] Index width(Index layer) const {
    return shape_.widths[static_cast<std::size_t>(layer)];
  }
  /// Rows of the data X: features of a sample, or positions of one-hot inputs.
  [[nodiscard]] Index num_inputs() const { return input_.num_rows(shape_.widths.front()); }
  /// How inputs are read.
  [[nodiscard]] const Input& input() const { return input_; }
  /// @throws ArgumentError naming the first entry of the data that is no input
  void validate_inputs(ConstMatrixRef<T> x) const { input_.validate(x, width(0)); }
  /// Outputs of a sample, k.
  [[nodiscard]] Index num_outputs() const { return shape_.widths.back(); }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return num_parameters_; }
  /// Whether units have biases.
  [[nodiscard]] bool has_biases() const { return shape_.biases; }
  /// The activation.
  [[nodiscard]] const A& activation() const { return activation_; }

  /// Where each weight matrix lies in theta, layer by layer; biases are not among them.
  [[nodiscard]] std::vector<ParameterBlock> weight_blocks() const {
    std::vector<ParameterBlock> blocks;
    for (Index l = 1; l <= depth(); ++l) {
      blocks.push_back({offset(l), width(l) * width(l - 1)});
    }
    return blocks;
  }

  /// W_l inside theta, shape (width_l, width_{l-1}); l = 1, ..., L. A view: what is written to it
  /// is written to theta, if that is writable.
  template <class V>
  [[nodiscard]] auto weights(V&& theta, Index l) const {
    return view_as_matrix(theta.data() + offset(l), width(l), width(l - 1));
  }
  /// b_l inside theta, shape (width_l); only for networks with biases.
  template <class V>
  [[nodiscard]] auto bias(V&& theta, Index l) const {
    return view_as_vector(theta.data() + offset(l) + width(l) * width(l - 1), width(l));
  }

  /// Parameters drawn by the given initialisation, layer l from stream.child("layer", l); biases 0.
  template <Initialization Init>
  [[nodiscard]] Vector<T> initial_parameters(const Init& init, const Stream& stream) const {
    Vector<T> theta = Vector<T>::Zero(num_parameters_);
    for (Index l = 1; l <= depth(); ++l) {
      Stream layer = stream.child("layer", static_cast<std::uint64_t>(l));
      MatrixRef<T> w = weights(theta, l);
      init.fill(w, layer);
    }
    return theta;
  }

  /// Outputs z_L for all columns of x, shape (num_outputs, samples): a view into the workspace,
  /// valid until its next use. Sizes are checked by the callers (objective/).
  MatrixMap<T> forward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    ws.layers.resize(static_cast<std::size_t>(depth()));
    for (Index l = 1; l <= depth(); ++l) {
      auto& layer = ws.layers[static_cast<std::size_t>(l - 1)];
      auto z = layer.z.matrix(width(l), n);
      // Bias, activation and slope follow the product while its columns are in the cache.
      const auto multiply_and = [&](const auto& finish) {
        if (l == 1) {
          input_.template apply<T>(z, weights(theta, l), x, ws.partial, finish);
        } else {
          multiply_then<T>(z, weights(theta, l), activations(ws, l - 1, n), ws.partial, finish);
        }
      };
      if (l == depth()) {
        multiply_and([&](Index start, Index count) {
          if (shape_.biases) {
            z.middleCols(start, count).colwise() += bias(theta, l);
          }
        });
        continue;
      }
      auto a = layer.a.matrix(width(l), n);
      auto slope = layer.slope.matrix(width(l), n);
      multiply_and([&](Index start, Index count) {
        const auto part = [&](auto& m) { return m.middleCols(start, count); };
        if (shape_.biases) {
          add_bias_and_apply(activation_, bias(theta, l), part(z), part(a), part(slope));
        } else {
          apply_with_derivative(activation_, part(z), part(a), part(slope));
        }
      });
    }
    return outputs(ws, n);
  }

  /// gradient = sum_i J_i^T d_i, with J_i the Jacobian of sample i's outputs and d_i column i of
  /// d_outputs: with d_i = d loss_i / d z it is the gradient of the summed loss.
  /// @param x  the data of the forward pass before   @param d_outputs  (num_outputs, samples)
  /// @param gradient  (num_parameters), overwritten
  void backward(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                Workspace& ws, VectorRef<T> gradient) const {
    const Index n = x.cols();
    propagate_back(theta, d_outputs, ws);
    for (Index l = depth(); l >= 1; --l) {
      const auto delta = ws.layers[static_cast<std::size_t>(l - 1)].delta.matrix(width(l), n);
      auto w_gradient = weights(gradient, l);
      if (l == 1) {
        input_.template weight_gradient<T>(w_gradient, delta, x, ws.partial);
      } else {
        multiply<T>(w_gradient, delta, activations(ws, l - 1, n).transpose(), ws.partial);
      }
      if (shape_.biases) {
        sum_samples(delta, bias(gradient, l));
      }
    }
  }

  /// Derivative of the outputs in the direction v of parameter space: column i is J_i v. Follows a
  /// forward pass on the same data. Source: the R-operator, Pearlmutter 1994.
  MatrixMap<T> forward_derivative(ConstVectorRef<T> theta, ConstVectorRef<T> v, ConstMatrixRef<T> x,
                                  Workspace& ws) const {
    const Index n = x.cols();
    for (Index l = 1; l <= depth(); ++l) {
      auto& layer = ws.layers[static_cast<std::size_t>(l - 1)];
      auto z_dot = layer.z_dot.matrix(width(l), n);
      if (l == 1) {
        input_.template apply<T>(z_dot, weights(v, l), x, ws.partial, [](Index, Index) {});
      } else {
        multiply<T>(z_dot, weights(v, l), activations(ws, l - 1, n), ws.partial);
        auto& below = ws.layers[static_cast<std::size_t>(l - 2)];
        multiply<T>(z_dot, weights(theta, l), below.a_dot.matrix(width(l - 1), n), ws.partial, T(1),
                    true);
      }
      if (shape_.biases) {
        z_dot.colwise() += bias(v, l);
      }
      if (l < depth()) {
        layer.a_dot.matrix(width(l), n) = z_dot.cwiseProduct(layer.slope.matrix(width(l), n));
      }
    }
    return ws.layers.back().z_dot.matrix(num_outputs(), n);
  }

  /// Derivative in the direction v of backward()'s result, when d_outputs changes at the rate
  /// d_outputs_dot: with the loss's Hessian action in its place, the exact Hessian-vector product;
  /// with d_outputs = 0, the Gauss-Newton product. Follows forward(), and forward_derivative().
  /// @param product  (num_parameters), overwritten
  void backward_derivative(ConstVectorRef<T> theta, ConstVectorRef<T> v, ConstMatrixRef<T> x,
                           ConstMatrixRef<T> d_outputs, ConstMatrixRef<T> d_outputs_dot,
                           Workspace& ws, VectorRef<T> product) const {
    const Index n = x.cols();
    ws.layers.back().delta.matrix(num_outputs(), n) = d_outputs;
    ws.layers.back().d_dot.matrix(num_outputs(), n) = d_outputs_dot;
    for (Index l = depth(); l >= 1; --l) {
      auto& layer = ws.layers[static_cast<std::size_t>(l - 1)];
      const auto delta = layer.delta.matrix(width(l), n);
      const auto d_dot = layer.d_dot.matrix(width(l), n);
      auto w_product = weights(product, l);
      if (l == 1) {
        input_.template weight_gradient<T>(w_product, d_dot, x, ws.partial);
      } else {
        auto& below = ws.layers[static_cast<std::size_t>(l - 2)];
        multiply<T>(w_product, d_dot, activations(ws, l - 1, n).transpose(), ws.partial);
        multiply<T>(w_product, delta, below.a_dot.matrix(width(l - 1), n).transpose(), ws.partial,
                    T(1), true);
      }
      if (shape_.biases) {
        sum_samples(d_dot, bias(product, l));
      }
      if (l > 1) {
        auto& below = ws.layers[static_cast<std::size_t>(l - 2)];
        auto delta_below = below.delta.matrix(width(l - 1), n);
        auto d_dot_below = below.d_dot.matrix(width(l - 1), n);
        const auto z = below.z.matrix(width(l - 1), n);
        const auto z_dot = below.z_dot.matrix(width(l - 1), n);
        const auto slope = below.slope.matrix(width(l - 1), n);
        multiply<T>(delta_below, weights(theta, l).transpose(), delta, ws.partial);
        multiply<T>(d_dot_below, weights(theta, l).transpose(), d_dot, ws.partial);
        multiply<T>(d_dot_below, weights(v, l).transpose(), delta, ws.partial, T(1), true);
        d_dot_below.array() *= slope.array();
        for (Index i = 0; i < n; ++i) {
          for (Index j = 0; j < width(l - 1); ++j) {
            d_dot_below(j, i) +=
                delta_below(j, i) * activation_.second_derivative(z(j, i)) * z_dot(j, i);
          }
        }
        delta_below.array() *= slope.array();
      }
    }
  }

  /// J_i^T d_i for every sample by itself. Follows forward().
  /// @param gradients  (num_parameters, samples), overwritten
  void per_example_backward(ConstVectorRef<T> theta, ConstMatrixRef<T> x,
                            ConstMatrixRef<T> d_outputs, Workspace& ws,
                            MatrixRef<T> gradients) const {
    propagate_back(theta, d_outputs, ws);
    const Index n = x.cols();
    for (Index i = 0; i < n; ++i) {
      for (Index l = 1; l <= depth(); ++l) {
        const auto delta =
            ws.layers[static_cast<std::size_t>(l - 1)].delta.matrix(width(l), n).col(i);
        auto w = MatrixMap<T>(gradients.col(i).data() + offset(l), width(l), width(l - 1));
        if (l == 1) {
          input_.template weight_gradient<T>(w, delta, x.middleCols(i, 1), ws.partial);
        } else {
          w.noalias() = delta * activations(ws, l - 1, n).col(i).transpose();
        }
        if (shape_.biases) {
          gradients.col(i).segment(offset(l) + w.size(), width(l)) = delta;
        }
      }
    }
  }

private:
  /// Leaves d loss / d z_l of every layer in the workspace, from that of the outputs.
  void propagate_back(ConstVectorRef<T> theta, ConstMatrixRef<T> d_outputs, Workspace& ws) const {
    const Index n = d_outputs.cols();
    ws.layers.back().delta.matrix(num_outputs(), n) = d_outputs;
    for (Index l = depth(); l > 1; --l) {
      auto& below = ws.layers[static_cast<std::size_t>(l - 2)];
      const auto delta = ws.layers[static_cast<std::size_t>(l - 1)].delta.matrix(width(l), n);
      auto delta_below = below.delta.matrix(width(l - 1), n);
      const auto slope = below.slope.matrix(width(l - 1), n);
      multiply_then<T>(delta_below, weights(theta, l).transpose(), delta, ws.partial,
                       [&](Index start, Index count) {
                         delta_below.middleCols(start, count).array() *=
                             slope.middleCols(start, count).array();
                       });
    }
  }

  [[nodiscard]] Index offset(Index l) const { return offsets_[static_cast<std::size_t>(l - 1)]; }
  [[nodiscard]] MatrixMap<T> activations(Workspace& ws, Index l, Index n) const {
    return ws.layers[static_cast<std::size_t>(l - 1)].a.matrix(width(l), n);
  }
  [[nodiscard]] MatrixMap<T> outputs(Workspace& ws, Index n) const {
    return ws.layers.back().z.matrix(num_outputs(), n);
  }
  /// sum = the columns of delta, added up: rowwise().sum(), which Eigen 3.4 lacks for half numbers.
  static void sum_samples(const MatrixMap<T>& delta, VectorMap<T> sum) {
    sum.setZero();
    for (Index i = 0; i < delta.cols(); ++i) {
      sum += delta.col(i);
    }
  }

  MlpShape shape_;
  A activation_;
  Input input_;
  std::vector<Index> offsets_;
  Index num_parameters_ = 0;
};

} // namespace gradus::nn
