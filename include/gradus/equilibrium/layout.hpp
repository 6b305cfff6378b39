// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>

/// Networks that settle in a fixed point of
///   du/dt = W x + b + M r - u,   r = sigma(u),
/// and are read out by a softmax of R r_out + c, which sends nothing back. No energy is needed: the
/// couplings M in the two directions between a pair of units are parameters of their own.

namespace gradus::equilibrium {

/// A block of the coupling matrix M that exists: M(row.., col..) is how units col.. drive row...
struct CouplingBlock {
  Index row;   ///< first unit driven
  Index col;   ///< first unit that drives
  Index rows;  ///< units driven
  Index cols;  ///< units that drive
  Index start; ///< first of rows x cols parameters in theta, column-major
};

/// Units of a network, which of them are coupled, and where all of it lies in the flat theta:
///   W (input weights), the blocks of M in order, b (one bias per unit), R (readout), c.
/// In a layered network (layers 1 .. L, units numbered layer by layer) the blocks are the forward
/// weights W_2 .. W_L and then the feedback weights B_1 .. B_{L-1}, B_l from layer l + 1 to l;
/// inputs reach layer 1, layer L is read out. In a fully connected one M is a single block, inputs
/// reach all units, the last ones are read out.
class NetworkLayout {
public:
  /// @param widths  inputs, layer 1, ..., layer L: at least two numbers >= 1
  /// @param num_classes  of the softmax, >= 2   @throws ArgumentError
  [[nodiscard]] static NetworkLayout layered(const std::vector<Index>& widths, Index num_classes) {
    require(widths.size() >= 2, "number of widths", widths.size(), ">= 2");
    NetworkLayout layout;
    layout.starts_ = {0};
    for (const Index width : widths) {
      require(width >= 1, "width", width, ">= 1");
    }
    for (std::size_t l = 1; l < widths.size(); ++l) {
      layout.starts_.push_back(layout.starts_.back() + widths[l]);
    }
    const Index depth = layout.depth();
    layout.num_inputs_ = widths.front();
    layout.num_driven_ = widths[1];
    layout.num_outputs_ = widths.back();
    layout.num_classes_ = num_classes;
    for (Index l = 2; l <= depth; ++l) {
      layout.add_block(l, l - 1);
    }
    for (Index l = 1; l < depth; ++l) {
      layout.add_block(l, l + 1);
    }
    layout.finish();
    return layout;
  }

  /// @param num_units  n >= 1, each coupled with all, itself included
  /// @param num_outputs  of these, the last ones, which are read out   @throws ArgumentError
  [[nodiscard]] static NetworkLayout fully_connected(Index num_inputs, Index num_units,
                                                     Index num_outputs, Index num_classes) {
    require(num_inputs >= 1, "num_inputs", num_inputs, ">= 1");
    require(num_units >= 1, "num_units", num_units, ">= 1");
    require(num_outputs >= 1 && num_outputs <= num_units, "num_outputs", num_outputs,
            "in [1, num_units]");
    NetworkLayout layout;
    layout.starts_ = {0, num_units};
    layout.num_inputs_ = num_inputs;
    layout.num_driven_ = num_units;
    layout.num_outputs_ = num_outputs;
    layout.num_classes_ = num_classes;
    layout.add_block(1, 1);
    layout.finish();
    return layout;
  }

  /// Number of layers L; 1 for a fully connected network.
  [[nodiscard]] Index depth() const { return static_cast<Index>(starts_.size()) - 1; }
  /// First unit of layer l = 1 .. L.
  [[nodiscard]] Index layer_start(Index l) const {
    return starts_[static_cast<std::size_t>(l - 1)];
  }
  /// Units of layer l = 1 .. L.
  [[nodiscard]] Index width(Index l) const {
    return starts_[static_cast<std::size_t>(l)] - layer_start(l);
  }
  /// Features of an input.
  [[nodiscard]] Index num_inputs() const { return num_inputs_; }
  /// Number of units n.
  [[nodiscard]] Index num_units() const { return starts_.back(); }
  /// Units that inputs reach: the first so many.
  [[nodiscard]] Index num_driven() const { return num_driven_; }
  /// Units that are read out: the last so many.
  [[nodiscard]] Index num_outputs() const { return num_outputs_; }
  /// The first of these.
  [[nodiscard]] Index first_output() const { return num_units() - num_outputs_; }
  /// Classes of the softmax.
  [[nodiscard]] Index num_classes() const { return num_classes_; }
  /// Size P of theta.
  [[nodiscard]] Index num_parameters() const { return num_parameters_; }
  /// Where M is not zero by construction.
  [[nodiscard]] const std::vector<CouplingBlock>& blocks() const { return blocks_; }

  /// W inside theta, (num_driven, num_inputs). Like all of these a view that can be written to if
  /// theta can.
  template <class V>
  [[nodiscard]] auto input_weights(V&& theta) const {
    return view_as_matrix(theta.data(), num_driven_, num_inputs_);
  }
  /// A block of M inside theta, (rows, cols).
  template <class V>
  [[nodiscard]] auto coupling(V&& theta, const CouplingBlock& block) const {
    return view_as_matrix(theta.data() + block.start, block.rows, block.cols);
  }
  /// W_l of a layered network, l = 2 .. L, (width_l, width_{l-1}); W_1 are the input weights.
  template <class V>
  [[nodiscard]] auto forward_weights(V&& theta, Index l) const {
    return coupling(theta, blocks_[static_cast<std::size_t>(l - 2)]);
  }
  /// B_l of a layered network, l = 1 .. L - 1, (width_l, width_{l+1}).
  template <class V>
  [[nodiscard]] auto feedback_weights(V&& theta, Index l) const {
    return coupling(theta, blocks_[static_cast<std::size_t>(depth() - 2 + l)]);
  }
  /// b inside theta, one per unit.
  template <class V>
  [[nodiscard]] auto bias(V&& theta) const {
    return view_as_vector(theta.data() + bias_start_, num_units());
  }
  /// R inside theta, (num_classes, num_outputs).
  template <class V>
  [[nodiscard]] auto readout(V&& theta) const {
    return view_as_matrix(theta.data() + bias_start_ + num_units(), num_classes_, num_outputs_);
  }
  /// c inside theta, one per class.
  template <class V>
  [[nodiscard]] auto readout_bias(V&& theta) const {
    return view_as_vector(theta.data() + num_parameters_ - num_classes_, num_classes_);
  }

private:
  NetworkLayout() = default;

  /// The weights from one layer to another.
  void add_block(Index to, Index from) {
    const Index start = blocks_.empty() ? num_driven_ * num_inputs_ : bias_start_;
    blocks_.push_back({layer_start(to), layer_start(from), width(to), width(from), start});
    bias_start_ = start + width(to) * width(from);
  }
  void finish() {
    require(num_classes_ >= 2, "num_classes", num_classes_, ">= 2");
    bias_start_ = blocks_.empty() ? num_driven_ * num_inputs_ : bias_start_;
    num_parameters_ = bias_start_ + num_units() + num_classes_ * (num_outputs_ + 1);
  }

  std::vector<Index> starts_;
  std::vector<CouplingBlock> blocks_;
  Index num_inputs_ = 0;
  Index num_driven_ = 0;
  Index num_outputs_ = 0;
  Index num_classes_ = 0;
  Index bias_start_ = 0;
  Index num_parameters_ = 0;
};

} // namespace gradus::equilibrium
