// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

namespace gradus::nn::detail {

/// "labels(7)": how errors name one entry.
inline std::string entry_name(const char* what, Index i) {
  return std::string(what) + "(" + gradus::detail::to_text(i) + ")";
}

/// out(i) = targets(indices[i]); entries for a vector of labels, columns for a matrix of targets.
/// Resizes out only if its size is wrong.
/// @throws ArgumentError if an index is out of range
template <class Targets, class Out>
void gather(const Targets& targets, std::span<const Index> indices, Out& out) {
  const auto count = static_cast<Index>(indices.size());
  const Index available = Out::IsVectorAtCompileTime ? targets.size() : targets.cols();
  for (Index i = 0; i < count; ++i) {
    const Index from = indices[static_cast<std::size_t>(i)];
    if (from < 0 || from >= available) [[unlikely]] {
      throw ArgumentError(entry_name("indices", i), gradus::detail::to_text(from),
                          "0 .. " + gradus::detail::to_text(available - 1));
    }
  }
  if constexpr (Out::IsVectorAtCompileTime) {
    out.resize(count);
    for (Index i = 0; i < count; ++i) {
      out(i) = targets(indices[static_cast<std::size_t>(i)]);
    }
  } else {
    out.resize(targets.rows(), count);
    for (Index i = 0; i < count; ++i) {
      out.col(i) = targets.col(indices[static_cast<std::size_t>(i)]);
    }
  }
}

} // namespace gradus::nn::detail
