// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>
#include <utility>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/second_layer.hpp>

namespace gradus::objective {

/// Empirical risk of a two-layer network whose first layer alone is trained, written in the span
/// coordinates of its weights:
///   W = c W_0 + C X^T,   pre-activations  W X = c F + C K,   F = W_0 X,   K = X^T X.
/// Full-batch gradients D X^T lie in the span of the data, so gradient descent never leaves this
/// form: a step costs width n^2 instead of width n p multiplications, exactly, for any number of
/// inputs p.
///
/// The parameter vector is (C column-major, width x n; c), starting at (0; 1) = initial(). The
/// "gradient" returned is (D; 0), the coordinates of the true gradient D X^T, not the derivative
/// with respect to (C; c). Any rule that is linear in parameters and gradients (Sgd with momentum
/// and weight decay) makes the same trajectory in these coordinates as on W; others would not, and
/// descend() refuses them at compile time.
///
/// The matrices are referred to, not copied: they must outlive the objective.
template <Scalar T, nn::Activation Act, nn::Loss L>
class SpanRisk {
public:
  /// Scalar type of parameters and values.
  using Value = T;
  /// The gradient is that of other coordinates: only rules that are linear in it are right.
  static constexpr bool needs_linear_rule = true;

  /// @param second_layer  frozen second layer, width m   @param gram  K, (n, n), symmetric
  /// @param initial  F, (m, n)   @param targets  of the n samples
  /// @throws ShapeError, ArgumentError for shapes that do not fit, no samples, or bad targets
  SpanRisk(nn::FrozenSecondLayer<T, Act> second_layer, L loss,
           std::type_identity_t<ConstMatrixRef<T>> gram,
           std::type_identity_t<ConstMatrixRef<T>> initial, typename L::template Targets<T> targets)
      : top_(std::move(second_layer)), loss_(std::move(loss)), gram_(gram), initial_(initial),
        targets_(std::move(targets)) {
    const Index n = gram.cols();
    require(n >= 1, "number of samples", n, ">= 1");
    require_shape(gram, "gram", n, n);
    require_shape(initial, "initial", top_.width(), n);
    L::validate(targets_, top_.num_outputs());
    require(L::num_samples(targets_) == n, "number of targets", L::num_samples(targets_),
            "the number of samples");
  }

  /// Matrices that live nowhere else, temporaries or expressions, would be gone at once.
  template <class Gram, class Initial>
  requires(gradus::detail::is_temporary<Gram> || gradus::detail::is_temporary<Initial>)
      SpanRisk(nn::FrozenSecondLayer<T, Act>, L, Gram&&, Initial&&, typename L::template Targets<T>)
  = delete;

  /// Number of samples n.
  [[nodiscard]] Index num_examples() const { return gram_.cols(); }
  /// Number of hidden units m.
  [[nodiscard]] Index width() const { return top_.width(); }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return width() * num_examples() + 1; }
  /// The frozen second layer.
  [[nodiscard]] const nn::FrozenSecondLayer<T, Act>& second_layer() const { return top_; }

  /// The coordinates of W_0: C = 0, c = 1.
  [[nodiscard]] Vector<T> initial() const {
    Vector<T> theta = Vector<T>::Zero(num_parameters());
    theta(theta.size() - 1) = T(1);
    return theta;
  }
  /// C inside theta, shape (width, n): a view.
  template <class V>
  [[nodiscard]] auto coefficients(V&& theta) const {
    return view_as_matrix(theta.data(), width(), num_examples());
  }
  /// c, the factor that is left of the initial weights.
  [[nodiscard]] T initial_share(ConstVectorRef<T> theta) const { return theta(theta.size() - 1); }

  /// W at the given coordinates. @param w0  initial weights (width, p)   @param x  data (p, n)
  [[nodiscard]] Matrix<T> recover(ConstVectorRef<T> theta, ConstMatrixRef<T> w0,
                                  ConstMatrixRef<T> x) const {
    require_shape(x, "x", x.rows(), num_examples());
    require_shape(w0, "w0", width(), x.rows());
    Matrix<T> w = initial_share(theta) * w0;
    multiply<T>(w, coefficients(theta), x.transpose(), partial_, T(1), true);
    return w;
  }

  /// |w_j|^2 of every neuron (width), from inner products alone:
  ///   c^2 |w_0j|^2 + 2 c (C F^T)_jj + (C K C^T)_jj.
  /// @param w0_norms_squared  |w_0j|^2 (width)
  [[nodiscard]] Vector<T> weight_norms_squared(ConstVectorRef<T> theta,
                                               ConstVectorRef<T> w0_norms_squared) {
    require_size(w0_norms_squared, "w0_norms_squared", width());
    const T share = initial_share(theta);
    const auto c = coefficients(theta);
    // z = c F + C K, hence 2 c F + C K = z + c F.
    const auto z = pre_activations(theta, initial_, gram_, z_);
    Vector<T> norms = share * share * w0_norms_squared;
    for (Index i = 0; i < num_examples(); ++i) {
      norms += c.col(i).cwiseProduct(z.col(i) + share * initial_.col(i));
    }
    return norms;
  }

  /// Keeps the activation pattern (slope) of these coordinates for good: from here on
  /// activation(z) is replaced by slope z, the network's linearisation for ReLU (its neural tangent
  /// kernel regime).
  void freeze_slopes(ConstVectorRef<T> theta) {
    frozen_ = false;
    pre_activations(theta, initial_, gram_, z_);
    const Index n = num_examples();
    top_.forward(z_.matrix(width(), n), a_.matrix(width(), n), slope_.matrix(width(), n),
                 f_.matrix(top_.num_outputs(), n));
    frozen_slopes_ = slope_.matrix(width(), n);
    frozen_ = true;
  }

  /// Outputs (num_outputs, n) on the training samples: a view, valid until the next call.
  MatrixMap<T> outputs(ConstVectorRef<T> theta) {
    const Index n = num_examples();
    auto z = z_.matrix(width(), n);
    auto a = a_.matrix(width(), n);
    auto slope = slope_.matrix(width(), n);
    auto f = f_.matrix(top_.num_outputs(), n);
    pre_activations(theta, initial_, gram_, z, [&](Index start, Index count) {
      auto part = [&](auto& m) { return m.middleCols(start, count); };
      if (frozen_) {
        part(a) = part(frozen_slopes_).cwiseProduct(part(z));
        part(f).noalias() = top_.weights() * part(a);
      } else {
        top_.forward(part(z), part(a), part(slope), part(f));
      }
    });
    return f;
  }

  /// Outputs of the last call of outputs(), value() or value_and_gradient(): a view that costs
  /// nothing, for observers of a run.
  [[nodiscard]] MatrixMap<T> latest_outputs() {
    return f_.matrix(top_.num_outputs(), num_examples());
  }

  /// Mean loss over the samples.
  T value(ConstVectorRef<T> theta) {
    auto losses = losses_.vector(num_examples());
    loss_.values(outputs(theta), targets_, losses);
    return losses.sum() / T(RealOf<T>(num_examples()));
  }

  /// Mean loss, and the span coordinates (D; 0) of its gradient D X^T with respect to W.
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) {
    const Index n = num_examples();
    auto f = outputs(theta);
    auto losses = losses_.vector(n);
    auto d = d_.matrix(top_.num_outputs(), n);
    loss_.value_and_gradient(f, targets_, losses, d);
    d /= T(RealOf<T>(n));
    if (frozen_) {
      top_.backward(d, frozen_slopes_, coefficients(gradient));
    } else {
      top_.backward(d, slope_.matrix(width(), n), coefficients(gradient));
    }
    gradient(gradient.size() - 1) = T(0);
    return losses.sum() / T(RealOf<T>(n));
  }

  /// Pre-activations c F' + C K' (width, samples) of other samples: a view, valid until the next
  /// call of this function. @param initial  F' = W_0 X', (width, samples)
  /// @param cross_gram  K' = X^T X', (n, samples)
  MatrixMap<T> pre_activations_at(ConstVectorRef<T> theta, ConstMatrixRef<T> initial,
                                  ConstMatrixRef<T> cross_gram) {
    return pre_activations(theta, initial, cross_gram, z_other_);
  }

private:
  /// z = c initial + C gram, and then finish(first column, number of columns) as multiply_then().
  template <class Finish>
  void pre_activations(ConstVectorRef<T> theta, const ConstMatrixRef<T>& initial,
                       const ConstMatrixRef<T>& gram, MatrixMap<T> z, const Finish& finish) {
    multiply_then<T>(z, coefficients(theta), gram, partial_, [&](Index start, Index count) {
      z.middleCols(start, count) += initial_share(theta) * initial.middleCols(start, count);
      finish(start, count);
    });
  }

  MatrixMap<T> pre_activations(ConstVectorRef<T> theta, const ConstMatrixRef<T>& initial,
                               const ConstMatrixRef<T>& gram, Buffer<T>& memory) {
    auto z = memory.matrix(width(), gram.cols());
    pre_activations(theta, initial, gram, z, [](Index, Index) {});
    return z;
  }

  nn::FrozenSecondLayer<T, Act> top_;
  L loss_;
  ConstMatrixRef<T> gram_;
  ConstMatrixRef<T> initial_;
  typename L::template Targets<T> targets_;
  bool frozen_ = false;
  Matrix<T> frozen_slopes_;
  Buffer<T> z_, a_, slope_, f_, d_, losses_, z_other_;
  mutable Buffer<T> partial_;
};

} // namespace gradus::objective
