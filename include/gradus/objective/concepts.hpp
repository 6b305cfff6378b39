// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// The waist of the hourglass: everything above makes an objective over one flat parameter vector
/// theta, everything below (optimizers, Hessian tools, interpolation ...) consumes one.
///
/// Members are called on a non-const objective: it owns its work buffers, so one object serves one
/// thread; copies are independent.

namespace gradus::objective {

/// A function of theta (P numbers) with a value.
template <class F>
concept Objective = requires(F& f, const Vector<typename F::Value>& theta) {
  requires Scalar<typename F::Value>;
  { f.num_parameters() } -> std::convertible_to<Index>;
  { f.value(theta) } -> std::convertible_to<typename F::Value>;
};

/// ... with its gradient: writes gradient (P), returns the value.
template <class F>
concept HasGradient = Objective<F> &&
    requires(F& f, const Vector<typename F::Value>& theta, Vector<typename F::Value>& gradient) {
  { f.value_and_gradient(theta, gradient) } -> std::convertible_to<typename F::Value>;
};

/// ... with exact Hessian-vector products: writes product = H(theta) v (P).
template <class F>
concept HasHvp = HasGradient<F> &&
    requires(F& f, const Vector<typename F::Value>& theta, Vector<typename F::Value>& product) {
  f.hvp(theta, theta, product);
};

/// Symmetric P x P matrices that say how an objective bends: with loss gradients g_i, output
/// Jacobians J_i and the loss's output Hessians H_i of n examples,
enum class Curvature {
  hessian,        ///< H, second derivatives of the objective
  gauss_newton,   ///< G = (1/n) sum J_i^T H_i J_i
  residual,       ///< R = H - G, what the bending of the model itself adds
  gradient_moment ///< (1/n) sum g_i g_i^T, second moment of the gradients (not centred)
};

/// ... with products of whole blocks of directions (P x k) with these matrices at one point:
/// linearise() prepares it and returns its number, by which linearisation() can be asked whether
/// it is still the one.
template <class F>
concept HasCurvatureProducts = HasGradient<F> &&
    requires(F& f, const Vector<typename F::Value>& theta,
             const Matrix<typename F::Value>& directions, Matrix<typename F::Value>& products) {
  { f.linearise(theta) } -> std::same_as<std::uint64_t>;
  { f.linearisation() } -> std::same_as<std::uint64_t>;
  f.curvature_products(Curvature::hessian, directions, products);
};

/// ... that is a mean over examples and can be restricted to a mini-batch of them.
template <class F>
concept HasMinibatches = HasGradient<F> &&
    requires(F& f, const Vector<typename F::Value>& theta, std::span<const Index> batch,
             Vector<typename F::Value>& gradient) {
  { f.num_examples() } -> std::convertible_to<Index>;
  { f.value_and_gradient(theta, batch, gradient) } -> std::convertible_to<typename F::Value>;
};

/// ... with the gradient of every example: writes gradients (P x examples).
template <class F>
concept HasPerExampleGradients = HasGradient<F> &&
    requires(F& f, const Vector<typename F::Value>& theta, Matrix<typename F::Value>& gradients) {
  { f.num_examples() } -> std::convertible_to<Index>;
  f.per_example_gradients(theta, gradients);
};

/// ... and those of a mini-batch alone (P x batch size), returning its mean loss; latest_losses()
/// has the losses of the last evaluation.
template <class F>
concept HasPerExampleMinibatches = HasPerExampleGradients<F> && HasMinibatches<F> &&
    requires(F& f, const Vector<typename F::Value>& theta, std::span<const Index> batch,
             Matrix<typename F::Value>& gradients) {
  { f.per_example_gradients(theta, batch, gradients) } -> std::convertible_to<typename F::Value>;
  f.latest_losses();
};

/// ... with the inner products of these gradients: writes K (examples x examples), or its diagonal.
template <class F>
concept HasPerExampleGram = HasGradient<F> &&
    requires(F& f, const Vector<typename F::Value>& theta, Matrix<typename F::Value>& gram,
             Vector<typename F::Value>& norms) {
  { f.num_examples() } -> std::convertible_to<Index>;
  f.per_example_gram(theta, gram);
  f.per_example_squared_norms(theta, norms);
};

/// A sum of squares known by its terms: |r(theta)|^2 with n residuals r_i and their gradients.
/// Writes residuals (n) and jacobian (P x n: column i is the gradient of r_i).
template <class F>
concept LeastSquares = requires(F& f, const Vector<typename F::Value>& theta,
                                Vector<typename F::Value>& residuals,
                                Matrix<typename F::Value>& jacobian) {
  requires RealScalar<typename F::Value>;
  { f.num_parameters() } -> std::convertible_to<Index>;
  { f.num_residuals() } -> std::convertible_to<Index>;
  f.residuals(theta, residuals);
  f.residuals_and_jacobian(theta, residuals, jacobian);
};

/// True for an objective whose "gradient" is that of other coordinates, to be used only by rules
/// that are linear in parameters and gradients (SpanRisk).
template <class F>
inline constexpr bool needs_linear_rule = requires {
  requires F::needs_linear_rule;
};

} // namespace gradus::objective
