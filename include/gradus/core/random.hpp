// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <Random123/philox.h>

namespace gradus {

namespace detail {

/// FNV-1a over the bytes of text, started from `state`.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t state = 0xcbf29ce484222325ULL) {
  for (const char c : text) {
    state = (state ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  }
  return state;
}

/// SplitMix64's finaliser: a bijection that spreads every input bit over all output bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

} // namespace detail

/// Counter-based random stream, addressed by seed, name and index: the n-th number of a stream
/// depends on these four alone, so the same seed gives the same bits whatever runs beside it, and
/// an experiment that draws one more number in one stream disturbs no other.
///
/// Generator: Philox4x64-10 (Salmon et al. 2011) with key (seed, hash of the name) and counter
/// (position, index). Draws of other laws are free functions in core/distributions.hpp.
/// Copies are cheap and go their own ways from the same position. Not for sharing among threads:
/// give each its own child() or index.
class Stream {
public:
  /// Type of a word.
  using result_type = std::uint64_t;

  /// The stream of that seed, name and index, at its beginning.
  explicit Stream(std::uint64_t seed, std::string_view name = {}, std::uint64_t index = 0)
      : seed_(seed), name_(detail::fnv1a(name)), index_(index) {}

  /// An independent stream below this one: stream.child("noise", layer). The position of the
  /// parent does not matter.
  [[nodiscard]] Stream child(std::string_view name, std::uint64_t index = 0) const {
    Stream result(*this);
    result.name_ = detail::fnv1a(name, detail::mix64(name_ + 0x9e3779b97f4a7c15ULL * (index_ + 1)));
    result.index_ = index;
    result.seek(0);
    return result;
  }

  /// Next 64 random bits.
  std::uint64_t bits() {
    if (const std::uint64_t lane = position_ % 4; lane == 0 || !filled_) {
      fill_block();
    }
    return block_[position_++ % 4];
  }

  /// The next out.size() words at once, as so many calls of bits() would give them.
  void fill_bits(std::span<std::uint64_t> out) {
    while (!out.empty() && position_ % 4 != 0) {
      out.front() = bits();
      out = out.subspan(1);
    }
    for (; out.size() >= 4; out = out.subspan(4), position_ += 4) {
      const auto random = block_at(position_ / 4);
      std::copy_n(random.begin(), 4, out.begin());
    }
    filled_ = false;
    for (std::uint64_t& word : out) {
      word = bits();
    }
  }

  /// Uniform on the open interval (0, 1): the midpoints of 2^52 equal cells, symmetric about 1/2.
  double uniform() { return to_uniform(bits()); }

  /// The number that uniform() makes of a word.
  static constexpr double to_uniform(std::uint64_t word) {
    return (static_cast<double>(word >> 12U) + 0.5) * 0x1p-52;
  }

  /// Number of 64-bit words drawn so far.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

  /// Moves to any position, at no cost.
  void seek(std::uint64_t position) noexcept {
    position_ = position;
    filled_ = false;
  }

  /// The seed.
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

  /// The members of a standard uniform random bit generator.
  std::uint64_t operator()() { return bits(); }
  /// Smallest word.
  static constexpr std::uint64_t min() { return 0; }
  /// Largest word.
  static constexpr std::uint64_t max() { return std::numeric_limits<std::uint64_t>::max(); }

private:
  [[nodiscard]] r123::Philox4x64::ctr_type block_at(std::uint64_t block) const {
    const r123::Philox4x64::ctr_type counter{{block, index_, 0, 0}};
    const r123::Philox4x64::key_type key{{seed_, name_}};
    return r123::Philox4x64{}(counter, key);
  }

  void fill_block() {
    const auto random = block_at(position_ / 4);
    block_ = {random[0], random[1], random[2], random[3]};
    filled_ = true;
  }

  std::uint64_t seed_;
  std::uint64_t name_;
  std::uint64_t index_;
  std::uint64_t position_ = 0;
  std::array<std::uint64_t, 4> block_{};
  bool filled_ = false;
};

} // namespace gradus
