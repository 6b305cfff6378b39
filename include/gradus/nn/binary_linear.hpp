// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/surrogate.hpp>

namespace gradus::nn {

/// Memory of one binary layer: what forward() leaves for backward(), and what backward() leaves to
/// be looked at. Kept by the caller, grown at the first call, reused after it.
template <Scalar T>
struct BinaryLinearWorkspace {
  Buffer<T> codes;  ///< sign(a), (inputs, n)
  Buffer<T> kernel; ///< sign(W), (units, inputs)
  Buffer<T> signs;  ///< sign(W) once more, if relaxed
  Buffer<T>
      correlation;   ///< dy sign(a)^T, (units, inputs): gradient at sign(W) scale, by backward()
  Buffer<T> slope;   ///< f' of what is at hand
  Buffer<T> partial; ///< partial results of products
  T scale = T(0);    ///< mean |W| of the last forward pass
};

/// A layer of binary weights and inputs with real latent weights W behind it:
///   y = (scale sign(W)) sign(a),  scale = mean |W| over the layer,
/// and, with Q = dy sign(a)^T, f the surrogate of sign,
///   dW = scale Q f'(W) + sign(W) mean(Q sign(W)),   da = (scale sign(W)^T dy) f'(a):
/// the second term is the gradient through the scale, which is not held fixed.
///
/// A value without memory. Matrices are features x samples; nothing is allocated after the first
/// pass. Source: Rastegari et al. 2016 for the scale (here one a layer, as in the code of Wu et
/// al. 2023).
template <class S>
requires Surrogate<S>
struct BinaryLinear {
  S surrogate = S();    ///< of sign, for weights and inputs alike
  bool relaxed = false; ///< f in the place of sign forward, too: backward() is then its derivative

  /// @param w  W, (units, inputs), not empty   @param a  (inputs, n)   @param y  (units, n),
  /// written
  /// @throws ShapeError, ArgumentError for no weights
  template <Scalar T>
  void forward(ConstMatrixRef<T> w, ConstMatrixRef<T> a, BinaryLinearWorkspace<T>& ws,
               MatrixRef<T> y) const {
    require(w.size() >= 1, "number of weights", w.size(), ">= 1");
    require_shape(a, "a", w.cols(), a.cols());
    require_shape(y, "y", w.rows(), a.cols());
    auto codes = ws.codes.matrix(a.rows(), a.cols());
    auto kernel = ws.kernel.matrix(w.rows(), w.cols());
    encode<T>(a, codes);
    encode<T>(w, kernel);
    const auto signs = signs_of(w, ws);
    ws.scale = signs.cwiseProduct(w).sum() / T(RealOf<T>(w.size()));
    multiply<T>(y, kernel, codes, ws.partial, ws.scale);
  }

  /// Backward pass of the last forward().
  /// @param w, a  as they were there   @param dy  (units, n)
  /// @param dw  (units, inputs), overwritten   @param da  (inputs, n), overwritten; may be a itself
  /// @throws ShapeError
  template <Scalar T>
  void backward(ConstMatrixRef<T> w, ConstMatrixRef<T> a, ConstMatrixRef<T> dy,
                BinaryLinearWorkspace<T>& ws, MatrixRef<T> dw, MatrixRef<T> da) const {
    require_shape(a, "a", w.cols(), a.cols());
    require_shape(dy, "dy", w.rows(), a.cols());
    require_shape(dw, "dw", w.rows(), w.cols());
    require_shape(da, "da", a.rows(), a.cols());
    const auto codes = ws.codes.matrix(a.rows(), a.cols());
    const auto kernel = ws.kernel.matrix(w.rows(), w.cols());
    auto correlation = ws.correlation.matrix(w.rows(), w.cols());
    multiply<T>(correlation, dy, codes.transpose(), ws.partial);
    const T through = correlation.cwiseProduct(kernel).sum() / T(RealOf<T>(w.size()));
    surrogate_derivative<S, T>(surrogate, w, dw);
    dw.array() = ws.scale * correlation.array() * dw.array() +
                 through * (relaxed ? ws.signs : ws.kernel).matrix(w.rows(), w.cols()).array();
    auto slope = ws.slope.matrix(a.rows(), a.cols());
    surrogate_derivative<S, T>(surrogate, a, slope);
    multiply<T>(da, kernel.transpose(), dy, ws.partial, ws.scale);
    da.array() *= slope.array();
  }

private:
  template <class T>
  void encode(ConstMatrixRef<T> z, MatrixRef<T> code) const {
    if (!relaxed) {
      binary_signs<T>(z, code);
      return;
    }
    for (Index j = 0; j < z.cols(); ++j) {
      for (Index i = 0; i < z.rows(); ++i) {
        code(i, j) = surrogate.value(T(z(i, j)));
      }
    }
  }
  template <class T>
  MatrixMap<T> signs_of(ConstMatrixRef<T> w, BinaryLinearWorkspace<T>& ws) const {
    if (!relaxed) {
      return ws.kernel.matrix(w.rows(), w.cols());
    }
    auto signs = ws.signs.matrix(w.rows(), w.cols());
    binary_signs<T>(w, signs);
    return signs;
  }
};

} // namespace gradus::nn
