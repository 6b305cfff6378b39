// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp_curvature.hpp>
#include <gradus/nn/model.hpp>
#include <gradus/objective/concepts.hpp>

namespace gradus::objective {

/// Mean loss of a model over a data set, as a function of the model's flat parameter vector:
///   R(theta) = (1/n) sum_i loss(model(theta, x_i), y_i).
/// Satisfies every concept of objective/concepts.hpp that its model has the passes for. Owns its
/// work buffers, sized at the first call and reused after it.
///
/// The inputs are referred to, not copied: they must outlive the objective. Targets are copied.
template <nn::Model M, nn::Loss L>
class EmpiricalRisk {
public:
  /// Scalar type of parameters and values.
  using Value = typename M::Value;
  /// Scalar type.
  using T = Value;
  /// What the loss asks for, one per sample.
  using Targets = typename L::template Targets<T>;

  /// @param x  inputs, (model.num_inputs(), n), n >= 1, finite
  /// @param targets  what the loss asks for, n of them
  /// @throws ArgumentError for no samples, a value that is not finite, a target the loss does not
  ///         know; ShapeError if x or targets do not fit
  EmpiricalRisk(M model, L loss, ConstMatrixRef<T> x, Targets targets)
      : model_(std::move(model)), loss_(std::move(loss)), x_(x), targets_(std::move(targets)) {
    require(x.cols() >= 1, "number of samples", x.cols(), ">= 1");
    require_shape(x, "x", model_.num_inputs(), x.cols());
    require_finite(x, "x");
    if constexpr (requires { model_.validate_inputs(x); }) {
      model_.validate_inputs(x);
    }
    L::validate(targets_, model_.num_outputs());
    require(L::num_samples(targets_) == x.cols(), "number of targets", L::num_samples(targets_),
            "the number of samples");
  }

  /// Inputs that live nowhere else, a temporary matrix or an expression, would be gone at once.
  template <class X>
  requires(gradus::detail::is_temporary<X>) EmpiricalRisk(M, L, X&&, Targets)
  = delete;

  /// The model.
  [[nodiscard]] const M& model() const { return model_; }
  /// The model, to change during a run what leaves its shape as it is: a surrogate's steepness.
  [[nodiscard]] M& model() { return model_; }
  /// The loss.
  [[nodiscard]] const L& loss() const { return loss_; }
  /// X, shape (features, n).
  [[nodiscard]] const ConstMatrixRef<T>& inputs() const { return x_; }
  /// The targets.
  [[nodiscard]] const Targets& targets() const { return targets_; }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return model_.num_parameters(); }
  /// Number of samples n.
  [[nodiscard]] Index num_examples() const { return x_.cols(); }

  /// Outputs (num_outputs, n): a view, valid until the next call.
  MatrixMap<T> outputs(ConstVectorRef<T> theta) {
    require_size(theta, "theta", num_parameters());
    return forward(theta, x_);
  }

  /// Outputs of the last evaluation (of its mini-batch, if it was one): a view that costs nothing,
  /// for observers of a run. Empty before the first evaluation of this very object.
  [[nodiscard]] ConstMatrixMap<T> latest_outputs() const {
    return {latest_.data, latest_.rows, latest_.cols};
  }

  /// Loss of every sample at the last evaluation of loss or gradient (of its mini-batch, if it was
  /// one): a view that costs nothing. Empty before the first evaluation of this very object.
  [[nodiscard]] ConstVectorMap<T> latest_losses() const {
    return {latest_.losses, latest_.num_losses};
  }
  /// Derivative of the mean loss with respect to the outputs (num_outputs, n) at the last gradient.
  [[nodiscard]] ConstMatrixMap<T> latest_output_gradients() const {
    return {latest_.gradients, latest_.rows, latest_.num_gradients};
  }

  /// The model's work memory as the last evaluation left it, for models whose passes leave more
  /// than outputs there: batch statistics (nn/normalized_mlp.hpp).
  [[nodiscard]] typename M::Workspace& latest_workspace() { return workspace_; }

  /// Mean loss.
  T value(ConstVectorRef<T> theta) {
    auto losses = losses_.vector(num_examples());
    loss_.values(outputs(theta), targets_, losses);
    latest_.losses = losses.data();
    latest_.num_losses = losses.size();
    return losses.sum() / count(num_examples());
  }

  /// Mean loss and its gradient (P).
  T value_and_gradient(ConstVectorRef<T> theta, VectorRef<T> gradient) {
    return value_and_gradient_on(theta, x_, targets_, gradient);
  }

  /// Mean loss over the given examples, and its gradient (P).
  /// @param batch  indices in [0, n), at least one; repeats count twice
  /// @throws ArgumentError for an empty batch or an index out of range
  T value_and_gradient(ConstVectorRef<T> theta, std::span<const Index> batch,
                       VectorRef<T> gradient) {
    const Targets& batch_targets = gather(batch);
    return value_and_gradient_on(theta, batch_x(batch), batch_targets, gradient);
  }

  /// Exact Hessian-vector product H(theta) v (P) of the mean loss, at about twice the cost of a
  /// gradient. At kinks of the activation it is the Hessian inside the present cell: the second
  /// derivative of a ReLU counts as 0. Source: Pearlmutter 1994.
  void hvp(ConstVectorRef<T> theta, ConstVectorRef<T> v,
           VectorRef<T> product) requires nn::TwiceDifferentiableModel<M> {
    one_product(Curvature::hessian, theta, v, product);
  }

  /// Gauss-Newton product G(theta) v, G = (1/n) sum_i J_i^T H_i J_i with H_i the Hessian of the
  /// loss in output space.
  void gauss_newton_product(ConstVectorRef<T> theta, ConstVectorRef<T> v,
                            VectorRef<T> product) requires nn::TwiceDifferentiableModel<M> {
    one_product(Curvature::gauss_newton, theta, v, product);
  }

  /// Prepares curvature_products() at theta (P): the passes that do not depend on directions. Lasts
  /// until the next call of linearise() or of hvp(), gauss_newton_product(), whatever else is
  /// evaluated meanwhile.
  /// @return a number of this point, from 1 on: linearisation() says whether it is still the one
  std::uint64_t linearise(ConstVectorRef<T> theta) requires nn::TwiceDifferentiableModel<M> {
    require_size(theta, "theta", num_parameters());
    const Index n = num_examples();
    point_ = theta;
    const MatrixMap<T> f = remembered(model_.forward(theta, x_, curvature_workspace_));
    auto losses = losses_.vector(n);
    auto d = curvature_d_.matrix(f.rows(), n);
    loss_.value_and_gradient(f, targets_, losses, d);
    d /= count(n);
    curvature_f_.matrix(f.rows(), n) = f;
    model_.linearise(theta, d, curvature_workspace_);
    return ++linearisation_;
  }
  /// Number of the point that curvature_products() work at; 0: none yet.
  [[nodiscard]] std::uint64_t linearisation() const { return linearisation_; }

  /// Products of k directions with one of the curvature matrices at the point of linearise(), all
  /// in one pass: the cost of k hvp() less what they share. Allocates nothing after the first call
  /// of the largest k; the memory of a pass grows with k n times the widths.
  /// @param directions, products  (P, k); products are written
  /// @throws ArgumentError before any linearise(), ShapeError
  void curvature_products(Curvature kind, ConstMatrixRef<T> directions,
                          MatrixRef<T> products) requires nn::TwiceDifferentiableModel<M> {
    require(linearisation_ > 0, "linearisation", linearisation_, "a point: call linearise() first");
    require_shape(directions, "directions", num_parameters(), directions.cols());
    require_shape(products, "products", num_parameters(), directions.cols());
    if (directions.cols() == 0) {
      return;
    }
    const auto f_dot = model_.forward_derivatives(point_, directions, x_, curvature_workspace_);
    auto d_dot = d_outputs_dot_.matrix(f_dot.rows(), f_dot.cols());
    output_products(kind, f_dot, d_dot);
    model_.backward_derivatives(point_, directions, x_, d_dot, curvature_workspace_, products,
                                has_residual(kind));
  }

  /// The whole matrix h (P, P) at the point of linearise(), exactly symmetric, where the model has
  /// a faster way to it than products with all unit vectors (nn/mlp_curvature.hpp).
  /// @throws ArgumentError before any linearise(), ShapeError
  void curvature_matrix(Curvature kind, MatrixRef<T> h) requires
      requires(const M& model, typename M::Workspace& ws, const Vector<T>& theta,
               const Matrix<T>& x, Matrix<T>& out,
               void (*products)(ConstMatrixRef<T>, MatrixRef<T>)) {
    nn::curvature_matrix<T>(model, theta, x, ws, out, true, products);
  }
  {
    require(linearisation_ > 0, "linearisation", linearisation_, "a point: call linearise() first");
    require_shape(h, "h", num_parameters(), num_parameters());
    nn::curvature_matrix<T>(
        model_, point_, x_, curvature_workspace_, h, has_residual(kind),
        [&](ConstMatrixRef<T> f_dot, MatrixRef<T> d_dot) { output_products(kind, f_dot, d_dot); });
  }

  /// Gradient of every example's own loss. @param gradients  (P, n), written
  void per_example_gradients(ConstVectorRef<T> theta,
                             MatrixRef<T> gradients) requires nn::PerExampleModel<M> {
    require_shape(gradients, "gradients", num_parameters(), num_examples());
    model_.per_example_backward(theta, x_, loss_slopes(theta, x_, targets_), workspace_, gradients);
  }
  /// The same for the given examples alone. @param gradients  (P, batch size), written
  /// @return their mean loss
  /// @throws ArgumentError for an empty batch or an index out of range, ShapeError
  T per_example_gradients(ConstVectorRef<T> theta, std::span<const Index> batch,
                          MatrixRef<T> gradients) requires nn::PerExampleModel<M> {
    const auto size = static_cast<Index>(batch.size());
    require_shape(gradients, "gradients", num_parameters(), size);
    const Targets& batch_targets = gather(batch);
    const auto x = batch_x(batch);
    model_.per_example_backward(theta, x, loss_slopes(theta, x, batch_targets), workspace_,
                                gradients);
    return latest_losses().sum() / count(size);
  }

  /// Inner products of the loss gradients of all pairs of examples, K (n, n), formed without the
  /// gradients themselves: n^2 (units) multiplications in the place of n^2 P.
  void per_example_gram(ConstVectorRef<T> theta,
                        MatrixRef<T> gram) requires nn::PerExampleGramModel<M> {
    require_shape(gram, "gram", num_examples(), num_examples());
    model_.per_example_gram(theta, x_, loss_slopes(theta, x_, targets_), workspace_, gram);
  }
  /// |g_i|^2 of every example's own loss gradient (n), at the cost of one gradient.
  void per_example_squared_norms(ConstVectorRef<T> theta,
                                 VectorRef<T> norms) requires nn::PerExampleGramModel<M> {
    require_size(norms, "norms", num_examples());
    model_.per_example_squared_norms(theta, x_, loss_slopes(theta, x_, targets_), workspace_,
                                     norms);
  }

  /// sum_i w_i g_i over the loss gradients of single examples (P): their mean for w = 1/n, an
  /// eigenvector of their second moment for w an eigenvector of K.
  /// @param weights  (n)
  void weighted_gradient(ConstVectorRef<T> theta, ConstVectorRef<T> weights,
                         VectorRef<T> gradient) {
    require_size(weights, "weights", num_examples());
    require_size(gradient, "gradient", num_parameters());
    auto d = loss_slopes(theta, x_, targets_);
    for (Index i = 0; i < d.cols(); ++i) {
      d.col(i) *= weights(i);
    }
    model_.backward(theta, x_, d, workspace_, gradient);
  }

  /// J_i^T d_i for output directions d_i, one column an example: with d = e_c, the gradients of
  /// output c. @param directions  (num_outputs, n)   @param gradients  (P, n), written
  void output_gradients(ConstVectorRef<T> theta, ConstMatrixRef<T> directions,
                        MatrixRef<T> gradients) requires nn::PerExampleModel<M> {
    require_shape(directions, "directions", model_.num_outputs(), num_examples());
    require_shape(gradients, "gradients", num_parameters(), num_examples());
    outputs(theta);
    model_.per_example_backward(theta, x_, directions, workspace_, gradients);
  }

  /// Inner products of J_i^T d_i for output directions d_i: with one output and d = 1, the tangent
  /// kernel. @param directions  (num_outputs, n)   @param gram  (n, n), written
  void output_gram(ConstVectorRef<T> theta, ConstMatrixRef<T> directions,
                   MatrixRef<T> gram) requires nn::PerExampleGramModel<M> {
    require_shape(directions, "directions", model_.num_outputs(), num_examples());
    require_shape(gram, "gram", num_examples(), num_examples());
    outputs(theta);
    model_.per_example_gram(theta, x_, directions, workspace_, gram);
  }

private:
  /// Copies a batch's inputs and targets, and returns the targets; batch_x() has the inputs.
  const Targets& gather(std::span<const Index> batch) {
    const auto size = static_cast<Index>(batch.size());
    require(size >= 1, "batch size", size, ">= 1");
    auto x = batch_x(batch);
    for (Index k = 0; k < size; ++k) {
      const Index i = batch[static_cast<std::size_t>(k)];
      require(i >= 0 && i < num_examples(), "batch index", i, "below the number of examples");
      x.col(k) = x_.col(i);
    }
    Targets& targets =
        size < L::num_samples(batch_targets_) ? short_batch_targets_ : batch_targets_;
    L::gather(targets_, batch, targets);
    return targets;
  }
  MatrixMap<T> batch_x(std::span<const Index> batch) {
    return batch_x_.matrix(x_.rows(), static_cast<Index>(batch.size()));
  }

  /// Derivative of each example's own loss by its outputs, after a forward pass.
  MatrixMap<T> loss_slopes(ConstVectorRef<T> theta, ConstMatrixRef<T> x, const Targets& targets) {
    require_size(theta, "theta", num_parameters());
    auto f = forward(theta, x);
    auto losses = losses_.vector(x.cols());
    auto d = d_outputs_.matrix(model_.num_outputs(), x.cols());
    loss_.value_and_gradient(f, targets, losses, d);
    latest_.losses = losses.data();
    latest_.num_losses = losses.size();
    return d;
  }

  /// Where the latest outputs lie in the workspace. A copy of the objective has a workspace of its
  /// own and starts without.
  struct Latest {
    const T* data = nullptr;
    Index rows = 0;
    Index cols = 0;
    const T* losses = nullptr;
    Index num_losses = 0;
    const T* gradients = nullptr;
    Index num_gradients = 0;

    Latest() = default;
    Latest(const Latest&) {}
    Latest& operator=(const Latest&) { return *this = Latest(); }
    Latest& operator=(Latest&&) = default;
  };

  static bool has_residual(Curvature kind) {
    return kind == Curvature::hessian || kind == Curvature::residual;
  }

  /// The loss's part of a curvature product, for directions of n columns each.
  void output_products(Curvature kind, ConstMatrixRef<T> f_dot, MatrixRef<T> d_dot) {
    const Index n = num_examples();
    const auto f = curvature_f_.matrix(f_dot.rows(), n);
    const auto d = curvature_d_.matrix(f_dot.rows(), n);
    for (Index j = 0; j < f_dot.cols() / n; ++j) {
      auto change = d_dot.middleCols(j * n, n);
      if (kind == Curvature::residual) {
        change.setZero();
      } else if (kind == Curvature::gradient_moment) { // the loss's H_i is d_i d_i^T
        for (Index i = 0; i < n; ++i) {
          const T slope = d.col(i).cwiseProduct(f_dot.col(j * n + i)).sum() * count(n);
          change.col(i) = d.col(i) * slope;
        }
      } else {
        loss_.hessian_product(f, targets_, f_dot.middleCols(j * n, n), change);
        change /= count(n);
      }
    }
  }

  MatrixMap<T> forward(ConstVectorRef<T> theta, ConstMatrixRef<T> x) {
    return remembered(model_.forward(theta, x, workspace_));
  }

  MatrixMap<T> remembered(MatrixMap<T> f) {
    latest_.data = f.data();
    latest_.rows = f.rows();
    latest_.cols = f.cols();
    return f;
  }

  static T count(Index n) { return T(RealOf<T>(n)); }

  T value_and_gradient_on(ConstVectorRef<T> theta, ConstMatrixRef<T> x, const Targets& targets,
                          VectorRef<T> gradient) {
    require_size(theta, "theta", num_parameters());
    require_size(gradient, "gradient", num_parameters());
    const Index n = x.cols();
    auto f = forward(theta, x);
    auto losses = losses_.vector(n);
    auto d = d_outputs_.matrix(model_.num_outputs(), n);
    loss_.value_and_gradient(f, targets, losses, d);
    d /= count(n);
    latest_.losses = losses.data();
    latest_.num_losses = n;
    latest_.gradients = d.data();
    latest_.num_gradients = n;
    model_.backward(theta, x, d, workspace_, gradient);
    return losses.sum() / count(n);
  }

  void one_product(Curvature kind, ConstVectorRef<T> theta, ConstVectorRef<T> v,
                   VectorRef<T> product) {
    require_size(v, "v", num_parameters());
    require_size(product, "product", num_parameters());
    linearise(theta);
    curvature_products(kind, ConstMatrixMap<T>(v.data(), v.size(), 1),
                       MatrixMap<T>(product.data(), product.size(), 1));
  }

  M model_;
  L loss_;
  ConstMatrixRef<T> x_;
  Targets targets_;
  Targets batch_targets_;
  Targets short_batch_targets_; ///< the last batch of an epoch, so that neither is resized
  typename M::Workspace workspace_;
  Latest latest_;
  Buffer<T> losses_, d_outputs_, d_outputs_dot_, batch_x_;
  // The point of linearise(), with memory of its own that no other evaluation touches.
  std::uint64_t linearisation_ = 0;
  Vector<T> point_;
  typename M::Workspace curvature_workspace_;
  Buffer<T> curvature_f_, curvature_d_;
};

} // namespace gradus::objective
