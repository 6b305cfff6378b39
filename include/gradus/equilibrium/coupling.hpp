// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/layout.hpp>

namespace gradus::equilibrium {

/// The coupling matrix M of a network as a matrix, with products that skip the blocks which are
/// zero by construction.
template <Scalar T>
class Coupling {
public:
  /// Zero couplings of the layout's blocks.
  explicit Coupling(const NetworkLayout& layout) : blocks_(layout.blocks()) {
    const Index n = layout.num_units();
    matrix_ = Matrix<T>::Zero(n, n);
    sort();
  }

  /// Takes the couplings over from parameters theta (P). @throws ShapeError
  void assign(const NetworkLayout& layout, ConstVectorRef<T> theta) {
    require_size(theta, "theta", layout.num_parameters());
    for (const CouplingBlock& block : layout.blocks()) {
      matrix_.block(block.row, block.col, block.rows, block.cols) = layout.coupling(theta, block);
    }
  }
  /// Takes over the transpose of another one's couplings.
  void assign_transposed(const Coupling& other) {
    matrix_ = other.matrix_.transpose();
    blocks_ = other.blocks_;
    for (CouplingBlock& block : blocks_) {
      std::swap(block.row, block.col);
      std::swap(block.rows, block.cols);
    }
    sort();
  }

  /// M (n, n).
  [[nodiscard]] const Matrix<T>& matrix() const { return matrix_; }
  /// Blocks of M that exist.
  [[nodiscard]] const std::vector<CouplingBlock>& blocks() const { return blocks_; }

  /// out = M r on one core. @param r  n numbers a column, `columns` of them   @param out  likewise
  void multiply(const T* r, T* out, Index columns) const {
    const Index n = matrix_.rows();
    Index filled = 0; // units of out that have a value
    for (const CouplingBlock& block : blocks_) {
      const bool first = block.row >= filled;
      const gradus::detail::Operand<T, false> weights{matrix_.data() + block.col * n + block.row,
                                                      block.rows, block.cols, n};
      const gradus::detail::Operand<T, false> rates{r + block.col, block.cols, columns, n};
      gradus::detail::serial_product(out + block.row, n, weights, rates, T(1), !first);
      filled = std::max(filled, block.row + block.rows);
    }
    if (filled == 0) {
      std::fill_n(out, n * columns, T(0)); // one layer: no couplings
    }
  }

private:
  /// Blocks in the order of their rows: the first of each row overwrites, the others add.
  void sort() {
    std::sort(blocks_.begin(), blocks_.end(), [](const auto& a, const auto& b) {
      return a.row < b.row || (a.row == b.row && a.col < b.col);
    });
  }

  Matrix<T> matrix_;
  std::vector<CouplingBlock> blocks_;
};

} // namespace gradus::equilibrium
