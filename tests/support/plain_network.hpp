// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <utility>

#include <gradus/core/types.hpp>
#include <gradus/nn/mlp.hpp>

/// A fully connected network written as the textbook has it, in loops over one sample at a time:
/// the independent reference for nn::Mlp, in any number type.

namespace support {

using gradus::Index;
using gradus::Matrix;
using gradus::Vector;

/// Outputs for the columns of x. theta is laid out as Mlp documents it: W_1 column by column, b_1,
/// W_2, ...
template <class T, class A>
Matrix<T> plain_outputs(const gradus::nn::MlpShape& shape, const A& activation,
                        const Vector<T>& theta, const Matrix<double>& x) {
  Matrix<T> outputs(shape.widths.back(), x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    Vector<T> a(x.rows());
    for (Index k = 0; k < x.rows(); ++k) {
      a(k) = T(x(k, i));
    }
    Index at = 0;
    for (std::size_t l = 1; l < shape.widths.size(); ++l) {
      const Index rows = shape.widths[l];
      const Index cols = shape.widths[l - 1];
      Vector<T> z(rows);
      for (Index r = 0; r < rows; ++r) {
        z(r) = shape.biases ? theta(at + rows * cols + r) : T(0);
        for (Index c = 0; c < cols; ++c) {
          z(r) += theta(at + c * rows + r) * a(c);
        }
      }
      at += rows * cols + (shape.biases ? rows : 0);
      a = z;
      if (l + 1 < shape.widths.size()) {
        for (Index r = 0; r < rows; ++r) {
          a(r) = activation.value(T(z(r)));
        }
      }
    }
    for (Index k = 0; k < a.size(); ++k) {
      outputs(k, i) = a(k);
    }
  }
  return outputs;
}

/// Mean loss of the plain network: an objective with a value and nothing else.
template <class T, class A, class L>
class PlainRisk {
public:
  using Value = T;
  using Targets = typename L::template Targets<T>;

  PlainRisk(gradus::nn::MlpShape shape, A activation, L loss, Matrix<double> x, Targets targets)
      : shape_(std::move(shape)), activation_(activation), loss_(loss), x_(std::move(x)),
        targets_(std::move(targets)) {}

  T value(const Vector<T>& theta) const {
    const Matrix<T> z = plain_outputs(shape_, activation_, theta, x_);
    Vector<T> losses(x_.cols());
    loss_.values(z, targets_, losses);
    T sum(0);
    for (Index i = 0; i < losses.size(); ++i) {
      sum += losses(i);
    }
    return sum / T(static_cast<double>(x_.cols()));
  }

private:
  gradus::nn::MlpShape shape_;
  A activation_;
  L loss_;
  Matrix<double> x_;
  Targets targets_;
};

} // namespace support
