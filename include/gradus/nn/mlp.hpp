// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/detail/directions.hpp>
#include <gradus/nn/detail/layer_gram.hpp>
#include <gradus/nn/detail/mlp_workspace.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/piecewise_linear.hpp>

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
  using Workspace = detail::MlpWorkspace<T>;

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
      auto& layer = at(ws, l);
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
      const auto delta = at(ws, l).delta.matrix(width(l), n);
      auto w_gradient = weights(gradient, l);
      if (l == 1) {
        input_.template weight_gradient<T>(w_gradient, delta, x, ws.partial);
      } else {
        multiply<T>(w_gradient, delta, activations(ws, l - 1, n).transpose(), ws.partial);
      }
      if (shape_.biases) {
        detail::sum_columns(delta, bias(gradient, l));
      }
    }
  }

  /// What second derivatives need beside a forward pass: d loss / d z of every layer, and its
  /// change with z at fixed weights. Follows forward().
  /// @param d_outputs  derivative of the loss by the outputs, (num_outputs, samples)
  void linearise(ConstVectorRef<T> theta, ConstMatrixRef<T> d_outputs, Workspace& ws) const {
    const Index n = d_outputs.cols();
    ws.layers.back().delta.matrix(num_outputs(), n) = d_outputs;
    for (Index l = depth(); l > 1; --l) {
      auto& below = at(ws, l - 1);
      const auto delta = at(ws, l).delta.matrix(width(l), n);
      auto back = below.delta.matrix(width(l - 1), n);
      const auto slope = below.slope.matrix(width(l - 1), n);
      multiply<T>(back, weights(theta, l).transpose(), delta, ws.partial);
      if constexpr (!is_piecewise_linear<A>) {
        auto curve = below.curve.matrix(width(l - 1), n);
        apply_with_derivatives(activation_, below.z.matrix(width(l - 1), n),
                               below.a.matrix(width(l - 1), n), slope, curve);
        curve.array() *= back.array();
      }
      back.array() *= slope.array();
    }
  }

  /// Derivatives of the outputs in k directions of parameter space: column j n + i of the result,
  /// shape (num_outputs, k n), is J_i v_j. Follows a forward pass on the same data; a view into the
  /// workspace. Source: the R-operator, Pearlmutter 1994.
  /// @param directions  v_j in columns, (num_parameters, k)
  MatrixMap<T> forward_derivatives(ConstVectorRef<T> theta, ConstMatrixRef<T> directions,
                                   ConstMatrixRef<T> x, Workspace& ws) const {
    const Index n = x.cols();
    const Index k = directions.cols();
    for (Index l = 1; l <= depth(); ++l) {
      auto& layer = at(ws, l);
      auto z_dot = layer.z_dot.matrix(width(l), n * k);
      auto a_dot = changes(layer, l, n * k);
      const auto slope = layer.slope.matrix(width(l), l < depth() ? n : 0);
      const auto finish = [&](Index start, Index count) {
        detail::for_sample_runs(start, count, n, [&](Index c, Index i, Index m) {
          if (shape_.biases) {
            z_dot.middleCols(c, m).colwise() += bias(directions.col(c / n), l);
          }
          if (l < depth()) {
            a_dot.middleCols(c, m) = z_dot.middleCols(c, m).cwiseProduct(slope.middleCols(i, m));
          }
        });
      };
      detail::for_directions(k, width(l) * width(l - 1) * n, [&](Index j) {
        const auto v = weights(directions.col(j), l);
        MatrixRef<T> z = z_dot.middleCols(j * n, n);
        if (l == 1) {
          input_.template apply<T>(z, v, x, ws.partial,
                                   [&](Index start, Index count) { finish(j * n + start, count); });
        } else {
          multiply<T>(z, v, activations(ws, l - 1, n), ws.partial);
        }
      });
      if (l > 1) {
        const auto below = changes(at(ws, l - 1), l - 1, n * k);
        multiply_then<T>(z_dot, weights(theta, l), below, ws.partial, finish, T(1), true);
      }
    }
    return ws.layers.back().z_dot.matrix(num_outputs(), n * k);
  }

  /// Derivatives, in the same directions, of backward()'s result when d_outputs changes by
  /// d_outputs_dot: with the loss's Hessian action in its place, the exact Hessian-vector products;
  /// without the residual part, sum_i J_i^T d_outputs_dot_i, the Gauss-Newton products. Follows
  /// forward() and, for the residual part, linearise() and forward_derivatives().
  /// @param d_outputs_dot  (num_outputs, k n)   @param products  (num_parameters, k), overwritten
  void backward_derivatives(ConstVectorRef<T> theta, ConstMatrixRef<T> directions,
                            ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs_dot, Workspace& ws,
                            MatrixRef<T> products, bool with_residual = true) const {
    const Index n = x.cols();
    const Index k = products.cols();
    ws.layers.back().d_dot.matrix(num_outputs(), n * k) = d_outputs_dot;
    for (Index l = depth(); l >= 1; --l) {
      auto& layer = at(ws, l);
      const auto d_dot = layer.d_dot.matrix(width(l), n * k);
      const auto delta = layer.delta.matrix(width(l), with_residual ? n : 0);
      const Index size = width(l) * width(l - 1) * n;
      detail::for_directions(k, size, [&](Index j) {
        const auto d = d_dot.middleCols(j * n, n);
        auto w_product = weights(products.col(j), l);
        if (l == 1) {
          input_.template weight_gradient<T>(w_product, d, x, ws.partial);
        } else {
          multiply<T>(w_product, d, activations(ws, l - 1, n).transpose(), ws.partial);
          if (with_residual) {
            const auto below = changes(at(ws, l - 1), l - 1, n * k);
            multiply<T>(w_product, delta, below.middleCols(j * n, n).transpose(), ws.partial, T(1),
                        true);
          }
        }
        if (shape_.biases) {
          detail::sum_columns(d, bias(products.col(j), l));
        }
      });
      if (l == 1) {
        return;
      }
      auto& below = at(ws, l - 1);
      auto d_below = below.d_dot.matrix(width(l - 1), n * k);
      const auto z_dot = below.z_dot.matrix(width(l - 1), with_residual ? n * k : 0);
      const auto slope = below.slope.matrix(width(l - 1), n);
      const auto curve = below.curve.matrix(width(l - 1), is_piecewise_linear<A> ? 0 : n);
      if (with_residual) {
        detail::for_directions(k, size, [&](Index j) {
          MatrixRef<T> d = d_below.middleCols(j * n, n);
          multiply<T>(d, weights(directions.col(j), l).transpose(), delta, ws.partial);
        });
      }
      const auto finish = [&](Index start, Index count) {
        detail::for_sample_runs(start, count, n, [&](Index c, Index i, Index m) {
          auto d = d_below.middleCols(c, m);
          d.array() *= slope.middleCols(i, m).array();
          if constexpr (!is_piecewise_linear<A>) {
            if (with_residual) {
              d += curve.middleCols(i, m).cwiseProduct(z_dot.middleCols(c, m));
            }
          }
        });
      };
      multiply_then<T>(d_below, weights(theta, l).transpose(), d_dot, ws.partial, finish, T(1),
                       with_residual);
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
        const auto delta = at(ws, l).delta.matrix(width(l), n).col(i);
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

  /// Inner products of J_i^T d_i and J_j^T d_j for all pairs of samples, (n, n), without any of
  /// these gradients: costs n^2 (units), not n^2 P. Follows forward().
  void per_example_gram(ConstVectorRef<T> theta, ConstMatrixRef<T> x, ConstMatrixRef<T> d_outputs,
                        Workspace& ws, MatrixRef<T> gram) const {
    propagate_back(theta, d_outputs, ws);
    const Index n = x.cols();
    auto inputs = ws.gram.inputs.matrix(n, n);
    gram.setZero();
    for (Index l = 1; l <= depth(); ++l) {
      const auto delta = at(ws, l).delta.matrix(width(l), n);
      if (l == 1) {
        input_.template gram<T>(inputs, x, ws.partial);
      } else {
        const auto a = activations(ws, l - 1, n);
        multiply<T>(inputs, a.transpose(), a, ws.partial);
      }
      detail::add_layer_gram<T>(gram, delta, inputs, shape_.biases, ws.gram.deltas, ws.partial);
    }
  }
  /// |J_i^T d_i|^2 of every sample: the diagonal of per_example_gram(). Follows forward().
  void per_example_squared_norms(ConstVectorRef<T> theta, ConstMatrixRef<T> x,
                                 ConstMatrixRef<T> d_outputs, Workspace& ws,
                                 VectorRef<T> norms) const {
    propagate_back(theta, d_outputs, ws);
    const Index n = x.cols();
    auto inputs = ws.gram.inputs.vector(n);
    norms.setZero();
    for (Index l = 1; l <= depth(); ++l) {
      const auto delta = at(ws, l).delta.matrix(width(l), n);
      if (l == 1) {
        input_.template squared_norms<T>(inputs, x);
      } else {
        DenseInput{}.squared_norms<T>(inputs, activations(ws, l - 1, n));
      }
      detail::add_layer_norms<T>(norms, delta, inputs, shape_.biases);
    }
  }

private:
  /// Leaves d loss / d z_l of every layer in the workspace, from that of the outputs.
  void propagate_back(ConstVectorRef<T> theta, ConstMatrixRef<T> d_outputs, Workspace& ws) const {
    const Index n = d_outputs.cols();
    ws.layers.back().delta.matrix(num_outputs(), n) = d_outputs;
    for (Index l = depth(); l > 1; --l) {
      auto& below = at(ws, l - 1);
      const auto delta = at(ws, l).delta.matrix(width(l), n);
      auto delta_below = below.delta.matrix(width(l - 1), n);
      const auto slope = below.slope.matrix(width(l - 1), n);
      multiply_then<T>(delta_below, weights(theta, l).transpose(), delta, ws.partial,
                       [&](Index start, Index count) {
                         delta_below.middleCols(start, count).array() *=
                             slope.middleCols(start, count).array();
                       });
    }
  }

  static typename Workspace::Layer& at(Workspace& ws, Index l) {
    return ws.layers[static_cast<std::size_t>(l - 1)];
  }
  [[nodiscard]] Index offset(Index l) const { return offsets_[static_cast<std::size_t>(l - 1)]; }
  [[nodiscard]] MatrixMap<T> activations(Workspace& ws, Index l, Index n) const {
    return at(ws, l).a.matrix(width(l), n);
  }
  [[nodiscard]] MatrixMap<T> outputs(Workspace& ws, Index n) const {
    return ws.layers.back().z.matrix(num_outputs(), n);
  }
  /// Directional derivatives of a hidden layer's activations. Those of a piecewise linear one take
  /// the place of z's, which nothing else asks for.
  [[nodiscard]] MatrixMap<T> changes(typename Workspace::Layer& layer, Index l, Index cols) const {
    return is_piecewise_linear<A> || l == depth() ? layer.z_dot.matrix(width(l), cols)
                                                  : layer.a_dot.matrix(width(l), cols);
  }

  MlpShape shape_;
  A activation_;
  Input input_;
  std::vector<Index> offsets_;
  Index num_parameters_ = 0;
};

} // namespace gradus::nn
