// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

namespace gradus {

/// Aligned memory that grows to the largest matrix ever asked of it and is then reused: the piece
/// from which workspaces are made, so that a training step allocates nothing after the first.
template <class T>
class Buffer {
public:
  /// A rows x cols view of the memory; contents are whatever was there. The views handed out
  /// before are invalid if this one is larger than all of them.
  [[nodiscard]] MatrixMap<T> matrix(Index rows, Index cols) {
    if (rows * cols > storage_.size()) {
      storage_.resize(rows * cols);
    }
    return {storage_.data(), rows, cols};
  }

  /// A view of `size` entries as a column vector.
  [[nodiscard]] VectorMap<T> vector(Index size) {
    if (size > storage_.size()) {
      storage_.resize(size);
    }
    return {storage_.data(), size};
  }

private:
  Vector<T> storage_;
};

} // namespace gradus
