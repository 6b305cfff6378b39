// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/random.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>

/// Tasks with a finite table, of which a part is learned and the rest predicted: arithmetic modulo
/// a prime (Power et al. 2022, arXiv 2201.02177) and sparse parity (Barak et al. 2022).

namespace gradus::data {

/// Operation of two numbers modulo a prime.
enum class ModularOperation { add, subtract, multiply, divide };

/// The operation of the given name: "add", "subtract", "multiply", "divide".
/// @throws ArgumentError listing the valid names
[[nodiscard]] inline ModularOperation modular_operation(std::string_view name) {
  constexpr std::string_view names[] = {"add", "subtract", "multiply", "divide"};
  for (int i = 0; i < 4; ++i) {
    if (name == names[i]) {
      return static_cast<ModularOperation>(i);
    }
  }
  throw ArgumentError("operation", std::string(name), "one of add, subtract, multiply, divide");
}

/// a (op) b modulo the prime, for a, b in [0, prime); b != 0 for a division.
[[nodiscard]] inline Index modular(ModularOperation operation, Index a, Index b, Index prime) {
  switch (operation) {
  case ModularOperation::add:
    return (a + b) % prime;
  case ModularOperation::subtract:
    return (a - b + prime) % prime;
  case ModularOperation::multiply:
    return a * b % prime;
  default:
    break;
  }
  // b^(prime - 2) is the inverse of b (Fermat).
  Index inverse = 1;
  Index power = b % prime;
  for (Index exponent = prime - 2; exponent > 0; exponent /= 2) {
    if (exponent % 2 != 0) {
      inverse = inverse * power % prime;
    }
    power = power * power % prime;
  }
  return a * inverse % prime;
}

/// All pairs of a table, in the order of a, then b.
template <Scalar T>
struct PairSamples {
  /// The two numbers of each pair as positions of a one-hot input of 2 p features: a and p + b,
  /// shape (2, pairs); see nn::OneHotInput.
  Matrix<T> x;
  Vector<Index> classes; ///< a (op) b mod p, (pairs)
};

/// The whole table of an operation modulo a prime: p^2 pairs, p (p - 1) for a division, whose b is
/// never 0.
/// @param prime  a prime in [2, 10000]   @throws ArgumentError if it is none
template <Scalar T>
[[nodiscard]] PairSamples<T> modular_table(ModularOperation operation, Index prime) {
  bool is_prime = prime >= 2 && prime <= 10'000;
  for (Index d = 2; d * d <= prime && is_prime; ++d) {
    is_prime = prime % d != 0;
  }
  require(is_prime, "prime", prime, "a prime number up to 10000");
  const Index first = operation == ModularOperation::divide ? 1 : 0;
  PairSamples<T> table{Matrix<T>(2, prime * (prime - first)),
                       Vector<Index>(prime * (prime - first))};
  Index i = 0;
  for (Index a = 0; a < prime; ++a) {
    for (Index b = first; b < prime; ++b, ++i) {
      table.x(0, i) = T(RealOf<T>(a));
      table.x(1, i) = T(RealOf<T>(prime + b));
      table.classes(i) = modular(operation, a, b, prime);
    }
  }
  return table;
}

/// The dense inputs that positions stand for: a 1 in each position's row, (features, samples).
/// @param positions  (positions of a sample, samples), whole numbers in [0, num_features)
template <Scalar T>
[[nodiscard]] Matrix<T> one_hot(const Matrix<T>& positions, Index num_features) {
  Matrix<T> x = Matrix<T>::Zero(num_features, positions.cols());
  for (Index i = 0; i < positions.cols(); ++i) {
    for (Index k = 0; k < positions.rows(); ++k) {
      const auto at = static_cast<Index>(primal(positions(k, i)));
      require(at >= 0 && at < num_features, "position", at, "in [0, num_features)");
      x(at, i) += T(1);
    }
  }
  return x;
}

/// Random bits with the parity of a few of them as class.
template <Scalar T>
struct ParitySamples {
  Matrix<T> x;           ///< bits 0 and 1, (bits, n)
  Vector<Index> classes; ///< parity of the active bits, 0 or 1, (n)
};

/// n samples of uniform bits; the class is the parity of the first `active` ones (which ones they
/// are makes no difference to a network that is drawn symmetrically).
/// @throws ArgumentError unless 1 <= active <= bits and n >= 0
template <Scalar T>
[[nodiscard]] ParitySamples<T> draw_sparse_parity(Index bits, Index active, Index n,
                                                  const Stream& stream) {
  require(bits >= 1, "bits", bits, ">= 1");
  require(active >= 1 && active <= bits, "active", active, "in [1, bits]");
  require(n >= 0, "num_samples", n, ">= 0");
  Stream draws = stream.child("bits");
  ParitySamples<T> samples{Matrix<T>(bits, n), Vector<Index>(n)};
  for (Index i = 0; i < n; ++i) {
    Index parity = 0;
    for (Index j = 0; j < bits; ++j) {
      const bool bit = random_sign(draws) > 0;
      samples.x(j, i) = T(bit ? 1 : 0);
      parity ^= j < active && bit ? 1 : 0;
    }
    samples.classes(i) = parity;
  }
  return samples;
}

} // namespace gradus::data
