// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/types.hpp>
#include <gradus/nn/detail/directions.hpp>
#include <gradus/nn/input.hpp>
#include <gradus/nn/mlp.hpp>

namespace gradus::nn {
namespace detail {

/// Assembly of an Mlp's curvature matrix, unit by unit; see curvature_matrix().
template <Scalar T, class A>
class MlpCurvature {
public:
  using Net = Mlp<T, A, DenseInput>;

  MlpCurvature(const Net& net, ConstVectorRef<T> theta, ConstMatrixRef<T> x,
               typename Net::Workspace& ws, bool with_residual)
      : net_(net), theta_(theta), x_(x), ws_(ws), with_residual_(with_residual),
        memory_(static_cast<std::size_t>(available_threads())) {}

  template <class OutputProducts>
  void assemble(MatrixRef<T> h, const OutputProducts& output_products) {
    const Index n = x_.cols();
    for (Index l = 1; l <= net_.depth(); ++l) {
      const Matrix<T> inputs = extended(l == 1 ? ConstMatrixRef<T>(x_) : activations(l - 1));
      Index widest = net_.num_outputs();
      for (Index m = l; m <= net_.depth(); ++m) {
        widest = std::max(widest, net_.width(m));
      }
      const Index block = std::clamp<Index>(block_entries / (widest * n), 1, net_.width(l));
      for (Index first = 0; first < net_.width(l); first += block) {
        const Index count = std::min(block, net_.width(l) - first);
        up(l, first, count);
        auto& top = at(net_.depth());
        output_products(ConstMatrixRef<T>(top.z_dot.matrix(net_.num_outputs(), count * n)),
                        MatrixRef<T>(top.d_dot.matrix(net_.num_outputs(), count * n)));
        down(l, first, count);
        // Units do not touch each other: who works on which makes no difference to the bits.
        const auto lanes = static_cast<Index>(memory_.size());
        parallel_for(std::min(lanes, count), [&](Index lane) {
          for (Index u = lane; u < count; u += lanes) {
            add_unit(h, l, first + u, u, count, inputs, memory_[static_cast<std::size_t>(lane)]);
          }
        });
      }
      mirror(h, l);
    }
  }

private:
  static constexpr Index block_entries = Index{1} << 19U;
  static constexpr Index samples_at_once = 128;

  struct Memory {
    Buffer<T> changes, sums, scratch;
  };

  typename Net::Workspace::Layer& at(Index l) {
    return ws_.layers[static_cast<std::size_t>(l - 1)];
  }
  ConstMatrixRef<T> activations(Index l) { return at(l).a.matrix(net_.width(l), x_.cols()); }
  /// Layer inputs with a row of ones for the biases.
  [[nodiscard]] Matrix<T> extended(const ConstMatrixRef<T>& a) const {
    Matrix<T> result = Matrix<T>::Ones(a.rows() + (net_.has_biases() ? 1 : 0), a.cols());
    result.topRows(a.rows()) = a;
    return result;
  }
  [[nodiscard]] Index fan_in(Index l) const {
    return net_.width(l - 1) + (net_.has_biases() ? 1 : 0);
  }
  [[nodiscard]] Index parameters(Index l) const { return net_.width(l) * fan_in(l); }
  [[nodiscard]] Index start(Index l) const {
    Index sum = 0;
    for (Index m = 1; m < l; ++m) {
      sum += parameters(m);
    }
    return sum;
  }

  /// Changes of everything above when z of each unit of the block changes by 1 for all samples.
  void up(Index l, Index first, Index count) {
    const Index n = x_.cols();
    if (l == net_.depth()) {
      auto z_dot = at(l).z_dot.matrix(net_.width(l), count * n);
      z_dot.setZero();
      for (Index u = 0; u < count; ++u) {
        z_dot.row(first + u).segment(u * n, n).setOnes();
      }
      return;
    }
    for (Index m = l + 1; m <= net_.depth(); ++m) {
      auto z_dot = at(m).z_dot.matrix(net_.width(m), count * n);
      if (m == l + 1) {
        const auto slope = at(l).slope.matrix(net_.width(l), n);
        for (Index u = 0; u < count; ++u) {
          z_dot.middleCols(u * n, n).noalias() =
              net_.weights(theta_, m).col(first + u) * slope.row(first + u);
        }
      } else {
        multiply<T>(z_dot, net_.weights(theta_, m),
                    at(m - 1).a_dot.matrix(net_.width(m - 1), count * n), ws_.partial);
      }
      if (m < net_.depth()) {
        auto a_dot = at(m).a_dot.matrix(net_.width(m), count * n);
        const auto slope = at(m).slope.matrix(net_.width(m), n);
        for (Index u = 0; u < count; ++u) {
          a_dot.middleCols(u * n, n) = z_dot.middleCols(u * n, n).cwiseProduct(slope);
        }
      }
    }
  }

  /// Changes of d loss / d z from the outputs down to layer l.
  void down(Index l, Index first, Index count) {
    const Index n = x_.cols();
    for (Index m = net_.depth() - 1; m >= l; --m) {
      auto d_dot = at(m).d_dot.matrix(net_.width(m), count * n);
      const auto slope = at(m).slope.matrix(net_.width(m), n);
      multiply<T>(d_dot, net_.weights(theta_, m + 1).transpose(),
                  at(m + 1).d_dot.matrix(net_.width(m + 1), count * n), ws_.partial);
      for (Index u = 0; u < count; ++u) {
        auto d = d_dot.middleCols(u * n, n);
        d.array() *= slope.array();
        if constexpr (!is_piecewise_linear<A>) {
          if (with_residual_) {
            const auto curve = at(m).curve.matrix(net_.width(m), n);
            if (m == l) {
              d.row(first + u) += curve.row(first + u);
            } else {
              d += curve.cwiseProduct(
                  at(m).z_dot.matrix(net_.width(m), count * n).middleCols(u * n, n));
            }
          }
        }
      }
    }
  }

  /// The columns of h that belong to the weights of unit `unit` of layer l, number u in the block:
  /// sum over samples of (gradient's change when z of the unit changes) times (the layer's input).
  /// Rows: the units from this one on in layer l, and all layers above.
  void add_unit(MatrixRef<T>& h, Index l, Index unit, Index u, Index count, const Matrix<T>& inputs,
                Memory& memory) {
    const Index n = x_.cols();
    const Index width = net_.width(l);
    const Index q = fan_in(l);
    const Index own = (width - unit) * q;
    const Index next = start(l) + parameters(l);
    const Index above = h.cols() - next;
    auto changes = memory.changes.matrix(own + above, std::min(samples_at_once, n));
    auto sums = memory.sums.matrix(own + above, q);
    for (Index i0 = 0; i0 < n; i0 += samples_at_once) {
      const Index m = std::min(samples_at_once, n - i0);
      const auto d_own = at(l).d_dot.matrix(width, count * n);
      for (Index i = 0; i < m; ++i) {
        for (Index k = unit; k < width; ++k) {
          changes.col(i).segment((k - unit) * q, q) = inputs.col(i0 + i) * d_own(k, u * n + i0 + i);
        }
      }
      Index row = own;
      for (Index layer = l + 1; layer <= net_.depth(); ++layer) {
        add_layer(changes, row, l, layer, unit, u, count, i0, m);
        row += parameters(layer);
      }
      multiply<T>(sums, changes.leftCols(m), inputs.middleCols(i0, m).transpose(), memory.scratch,
                  T(1), i0 > 0);
    }
    for (Index b = 0; b < q; ++b) {
      auto column = h.col(start(l) + b * width + unit);
      for (Index c = 0; c < q; ++c) {
        T* const out = column.data() + start(l) + c * width;
        const T* const from = sums.col(b).data() + c;
        for (Index k = unit; k < width; ++k) {
          out[k] = from[(k - unit) * q];
        }
      }
      column.tail(above) = sums.col(b).tail(above);
    }
  }

  /// Fills what add_unit() left out: rows of the layer's lower units, and the layers above in the
  /// rows of this one.
  void mirror(MatrixRef<T>& h, Index l) const {
    constexpr Index tile = 32;
    const Index begin = start(l);
    const Index end = begin + parameters(l);
    const Index width = net_.width(l);
    const Index size = h.cols();
    parallel_for((size - begin + tile - 1) / tile, [&](Index t) {
      const Index c0 = begin + t * tile;
      const Index c1 = std::min(c0 + tile, size);
      for (Index r0 = begin; r0 < end; r0 += tile) {
        for (Index c = c0; c < c1; ++c) {
          const Index unit = c < end ? (c - begin) % width : width;
          for (Index r = r0; r < std::min(r0 + tile, end); ++r) {
            const Index other = (r - begin) % width;
            if (other < unit || (other == unit && r < c)) {
              h(r, c) = h(c, r);
            }
          }
        }
      }
    });
  }

  /// Changes of the gradients by the weights of a layer above, for samples i0 ... i0 + m - 1.
  void add_layer(MatrixMap<T>& changes, Index row, Index l, Index layer, Index unit, Index u,
                 Index count, Index i0, Index m) {
    const Index n = x_.cols();
    const Index width = net_.width(layer);
    const Index below = net_.width(layer - 1);
    const auto d_dot = at(layer).d_dot.matrix(width, count * n);
    const auto delta = at(layer).delta.matrix(width, with_residual_ ? n : 0);
    const auto a = at(layer - 1).a.matrix(below, n);
    const auto slope = at(l).slope.matrix(net_.width(l), n);
    const auto a_dot =
        at(layer - 1).a_dot.matrix(below, with_residual_ && layer > l + 1 ? count * n : 0);
    for (Index i = 0; i < m; ++i) {
      auto column = changes.col(i).segment(row, parameters(layer));
      const auto d = d_dot.col(u * n + i0 + i);
      for (Index b = 0; b < below; ++b) {
        column.segment(b * width, width) = d * a(b, i0 + i);
      }
      if (net_.has_biases()) {
        column.tail(width) = d;
      }
      if (!with_residual_) {
        continue;
      }
      if (layer == l + 1) { // of the layer below only this unit has changed
        column.segment(unit * width, width) += delta.col(i0 + i) * slope(unit, i0 + i);
        continue;
      }
      for (Index b = 0; b < below; ++b) {
        column.segment(b * width, width) += delta.col(i0 + i) * a_dot(b, u * n + i0 + i);
      }
    }
  }

  const Net& net_;
  ConstVectorRef<T> theta_;
  ConstMatrixRef<T> x_;
  typename Net::Workspace& ws_;
  bool with_residual_;
  std::vector<Memory> memory_; ///< one a thread
};

} // namespace detail

/// The whole curvature matrix of a network on dense inputs, h (P, P): what products with all unit
/// vectors would give, at a fraction of their cost. The weights of a unit act through its
/// pre-activation alone, so one directional pass a unit (not a parameter) is enough, and each of
/// its products with the layer's inputs is a matrix product: about n P^2 / 2 multiplications in
/// place of 6 n P^2. Exactly symmetric. Follows forward() and, for the residual part, linearise().
/// @param output_products  writes the loss's part: called with (f_dot, d_dot), both
///                         (num_outputs, k n), direction j in columns j n ...
template <Scalar T, Activation A, class OutputProducts>
void curvature_matrix(const Mlp<T, A, DenseInput>& net, ConstVectorRef<T> theta,
                      ConstMatrixRef<T> x, typename Mlp<T, A, DenseInput>::Workspace& ws,
                      MatrixRef<T> h, bool with_residual, const OutputProducts& output_products) {
  detail::MlpCurvature<T, A>(net, theta, x, ws, with_residual).assemble(h, output_products);
}

} // namespace gradus::nn
