// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include <gradus/core/random.hpp>

using gradus::Stream;

namespace {

using Words = std::vector<std::uint64_t>;

Words draw(Stream stream, std::size_t n) {
  Words words(n);
  for (auto& word : words) {
    word = stream.bits();
  }
  return words;
}

/// Sample correlation of n uniforms of two streams.
double correlation(Stream a, Stream b, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
  }
  return 12.0 * sum / n; // the variance of a uniform is 1/12
}

} // namespace

TEST_CASE("Philox4x64-10 gives the published answers") {
  // The three vectors for philox4x64 10 of Random123's kat_vectors.
  using Generator = r123::Philox4x64;
  struct Case {
    std::array<std::uint64_t, 4> counter;
    std::array<std::uint64_t, 2> key;
    std::array<std::uint64_t, 4> answer;
  };
  constexpr std::uint64_t ones = ~std::uint64_t{0};
  const std::array<Case, 3> cases{{
      {{0, 0, 0, 0},
       {0, 0},
       {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
      {{ones, ones, ones, ones},
       {ones, ones},
       {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
       {0x452821e638d01377, 0xbe5466cf34e90c6c},
       {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}},
  }};
  for (const Case& c : cases) {
    const Generator::ctr_type counter{{c.counter[0], c.counter[1], c.counter[2], c.counter[3]}};
    const Generator::key_type key{{c.key[0], c.key[1]}};
    const auto words = Generator{}(counter, key);
    for (std::size_t i = 0; i < 4; ++i) {
      REQUIRE(words[i] == c.answer[i]);
    }
  }
}

TEST_CASE("hashes give the published answers") {
  REQUIRE(gradus::detail::fnv1a("") == 0xcbf29ce484222325ULL);
  REQUIRE(gradus::detail::fnv1a("a") == 0xaf63dc4c8601ec8cULL);
  REQUIRE(gradus::detail::fnv1a("foobar") == 0x85944171f73967e8ULL);
  // The first output of SplitMix64 from seed 1234567.
  REQUIRE(gradus::detail::mix64(1234567 + 0x9e3779b97f4a7c15ULL) == 6457827717110365317ULL);
}

TEST_CASE("a stream is Philox with key (seed, name) and counter (position, index)") {
  const Stream stream(42, "noise", 7);
  const Words words = draw(stream, 12);
  for (std::uint64_t block = 0; block < 3; ++block) {
    const r123::Philox4x64::ctr_type counter{{block, 7, 0, 0}};
    const r123::Philox4x64::key_type key{{42, gradus::detail::fnv1a("noise")}};
    const auto expected = r123::Philox4x64{}(counter, key);
    for (std::size_t i = 0; i < 4; ++i) {
      REQUIRE(words[4 * block + i] == expected[i]);
    }
  }
}

TEST_CASE("the same address gives the same words, another one unrelated words") {
  const Words base = draw(Stream(1, "data", 0), 64);
  REQUIRE(draw(Stream(1, "data", 0), 64) == base);
  for (const Stream& other : {Stream(2, "data", 0), Stream(1, "datb", 0), Stream(1, "data", 1),
                              Stream(1, "", 0), Stream(1, "data").child("data")}) {
    const Words words = draw(other, 64);
    int bits = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      bits += std::popcount(words[i] ^ base[i]);
    }
    // 4096 fair bits: mean 2048, standard deviation 32; 6 of them, false alarm 2e-9.
    REQUIRE(std::abs(bits - 2048) < 6 * 32);
  }
}

TEST_CASE("streams that differ in seed, name, index or parent are uncorrelated") {
  // The sample correlation of n pairs has standard error 1 / sqrt(n); 6 of them, false alarm 2e-9
  // each, 21 of them in all.
  constexpr int n = 100000;
  const double bound = 6.0 / std::sqrt(n);
  for (const std::uint64_t seed : {0ULL, 1ULL, 0xffffffffffffffffULL}) {
    const Stream base(seed, "data", 3);
    REQUIRE(std::abs(correlation(base, Stream(seed + 1, "data", 3), n)) < bound);
    REQUIRE(std::abs(correlation(base, Stream(seed, "test", 3), n)) < bound);
    REQUIRE(std::abs(correlation(base, Stream(seed, "data", 4), n)) < bound);
    REQUIRE(std::abs(correlation(base, base.child("a"), n)) < bound);
    REQUIRE(std::abs(correlation(base.child("a", 0), base.child("a", 1), n)) < bound);
    REQUIRE(std::abs(correlation(base.child("a"), base.child("b"), n)) < bound);
    Stream later(base);
    later.seek(1);
    REQUIRE(std::abs(correlation(base, later, n)) < bound);
  }
}

TEST_CASE("seek reaches any position, position counts words") {
  const Words words = draw(Stream(9, "s"), 50);
  for (const std::uint64_t from : {0ULL, 1ULL, 3ULL, 4ULL, 17ULL, 49ULL}) {
    Stream stream(9, "s");
    stream.seek(from);
    REQUIRE(stream.position() == from);
    REQUIRE(stream.bits() == words[from]);
    REQUIRE(stream.position() == from + 1);
  }
  Stream stream(9, "s");
  static_cast<void>(stream.bits());
  stream.seek(0); // back, into the block that was just drawn
  REQUIRE(stream.bits() == words[0]);
  REQUIRE(stream.bits() == words[1]);
  stream.seek(std::numeric_limits<std::uint64_t>::max());
  static_cast<void>(stream.bits());
  REQUIRE(stream.position() == 0);
  REQUIRE(stream.bits() == words[0]);
}

TEST_CASE("fill_bits is as many calls of bits, from any position and for any size") {
  const Words words = draw(Stream(5, "fill", 2), 64);
  for (std::uint64_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; size < 20; ++size) {
      Stream stream(5, "fill", 2);
      for (std::uint64_t i = 0; i < from % 3; ++i) {
        static_cast<void>(stream.bits());
      }
      if (from >= 3) {
        stream.seek(from);
      }
      const std::uint64_t start = stream.position();
      Words out(size);
      stream.fill_bits(out);
      REQUIRE(out == Words(words.begin() + static_cast<std::ptrdiff_t>(start),
                           words.begin() + static_cast<std::ptrdiff_t>(start + size)));
      REQUIRE(stream.position() == start + size);
      REQUIRE(stream.bits() == words[start + size]);
    }
  }
}

TEST_CASE("a child depends on the parent's address, not on its position") {
  Stream parent(3, "run", 1);
  const Words child = draw(parent.child("noise", 2), 8);
  static_cast<void>(parent.bits());
  REQUIRE(draw(parent.child("noise", 2), 8) == child);
  REQUIRE(draw(parent.child("noise", 3), 8) != child);
  REQUIRE(draw(Stream(3, "run", 2).child("noise", 2), 8) != child);
  REQUIRE(draw(Stream(4, "run", 1).child("noise", 2), 8) != child);
  REQUIRE(draw(parent.child("noise").child("noise"), 8) != draw(parent.child("noise"), 8));
  // Names do not run together: a/bc and ab/c are two addresses.
  REQUIRE(draw(parent.child("a").child("bc"), 8) != draw(parent.child("ab").child("c"), 8));
  REQUIRE(parent.child("noise").position() == 0);
  REQUIRE(parent.child("noise").seed() == 3);
}

TEST_CASE("copies go their own ways; a stream is a uniform random bit generator") {
  Stream a(1, "x");
  static_cast<void>(a.bits());
  Stream b(a);
  REQUIRE(a.bits() == b.bits());
  REQUIRE(a() == b());
  static_assert(Stream::min() == 0 && Stream::max() == std::numeric_limits<std::uint64_t>::max());
  static_assert(std::is_same_v<Stream::result_type, std::uint64_t>);
}

TEST_CASE("uniform lies in the open interval and is symmetric about 1/2") {
  REQUIRE(Stream::to_uniform(0) == 0x1p-53);
  REQUIRE(Stream::to_uniform(~std::uint64_t{0}) == 1.0 - 0x1p-53);
  REQUIRE(Stream::to_uniform(~std::uint64_t{0}) < 1.0);
  for (const std::uint64_t word : draw(Stream(2, "u"), 1000)) {
    REQUIRE(Stream::to_uniform(word) + Stream::to_uniform(~word) == 1.0);
  }
}
