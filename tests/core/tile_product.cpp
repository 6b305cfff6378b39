// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/core/product.hpp>

using namespace gradus;
using support::normal_matrix;

namespace {

/// Every tile kernel that this CPU can run.
template <class T>
std::vector<detail::TileKernel<T>> kernels() {
  std::vector<detail::TileKernel<T>> found;
#if defined(__x86_64__) && defined(__GNUC__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
    found.push_back(detail::avx2_kernel<T>);
  }
  if (__builtin_cpu_supports("avx512f") != 0) {
    found.push_back(detail::avx512_kernel<T>);
  }
#endif
  return found;
}

/// c's frame of one entry on each side must stay as it is.
template <class T, class A, class B>
void check(const A& a, const B& b, T scale, bool accumulate) {
  using Wide = Matrix<long double>;
  const Index m = a.rows();
  const Index k = a.cols();
  const Index n = b.cols();
  const Matrix<T> before = normal_matrix("c", m + 2, n + 2).template cast<T>();
  Wide expected = before.template cast<long double>();
  auto inner = expected.block(1, 1, m, n);
  inner = Wide(static_cast<long double>(scale) * a.template cast<long double>() *
               b.template cast<long double>()) +
          (accumulate ? Wide(inner) : Wide(Wide::Zero(m, n)));
  std::vector<Matrix<T>> results;
  for (const auto& kernel : kernels<T>()) {
    Matrix<T> c = before;
    detail::tile_product(kernel, &c(1, 1), c.outerStride(), detail::operand(a), detail::operand(b),
                         scale, accumulate);
    // Each of the k + 2 roundings of an entry is at most half a unit in the last place of a partial
    // sum; those of normal draws stay below k^(1/2) times 8 (false alarms: none).
    const auto size = static_cast<long double>(k + 2);
    const long double bound =
        8 * size * std::sqrt(size) * static_cast<long double>(std::numeric_limits<T>::epsilon());
    REQUIRE((c.template cast<long double>() - expected).cwiseAbs().maxCoeff() <= bound);
    Matrix<T> frame = c;
    frame.block(1, 1, m, n) = before.block(1, 1, m, n);
    REQUIRE(frame == before);
    results.push_back(c);
  }
  for (const auto& c : results) { // whatever the width of the vectors
    REQUIRE(std::memcmp(c.data(), results.front().data(),
                        static_cast<std::size_t>(c.size()) * sizeof(T)) == 0);
  }
}

template <class T>
void check_shape(Index m, Index k, Index n) {
  INFO(m << " x " << k << " x " << n);
  const Matrix<T> a = normal_matrix("a", m + 3, k).template cast<T>();
  const Matrix<T> b = normal_matrix("b", k + 1, n).template cast<T>();
  const Matrix<T> at = a.transpose();
  const Matrix<T> bt = b.transpose();
  check<T>(a.topRows(m), b.topRows(k), T(1), false);
  check<T>(at.leftCols(m).transpose(), b.topRows(k), T(1), true);
  check<T>(a.topRows(m), bt.leftCols(k).transpose(), T(-0.5), true);
  check<T>(at.leftCols(m).transpose(), bt.leftCols(k).transpose(), T(3), false);
}

} // namespace

TEST_CASE("tiles of every kernel give the product, the same bits, and touch nothing else") {
  // Rows and columns around the sizes of tiles and their vectors.
  for (const Index m : {1, 2, 7, 8, 9, 15, 16, 17, 24, 25, 31, 33, 47, 48, 49, 97}) {
    for (const Index n : {1, 3, 4, 5, 8, 9, 17}) {
      check_shape<float>(m, 11, n);
      check_shape<double>(m, 6, n);
    }
  }
  // Inner dimensions around a block's, rows and columns beyond one block's.
  for (const Index k : {0, 1, 511, 512, 513, 1025}) {
    check_shape<float>(50, k, 9);
    check_shape<double>(10, k, 13);
  }
  check_shape<float>(400, 20, 300);
  check_shape<float>(1100, 30, 40); // columns of the left operand are a page apart
  check_shape<double>(550, 30, 40);
}

TEST_CASE("an operand's rows are copied whole, transposed or not") {
  for (const Index rows : {1, 3, 4, 8, 11, 24}) {
    for (const Index cols : {1, 5, 8, 19}) {
      const Matrix<float> a = normal_matrix("a", rows, cols).cast<float>();
      const Matrix<float> at = a.transpose();
      Matrix<float> copy = Matrix<float>::Zero(24, cols);
      detail::copy_rows(detail::operand(a), copy.data(), 24);
      REQUIRE(copy.topRows(rows) == a);
      copy.setZero();
      detail::copy_rows(detail::operand(at.transpose()), copy.data(), 24);
      REQUIRE(copy.topRows(rows) == a);
    }
  }
}

TEST_CASE("multiply_then finishes every column once, after it is complete") {
  struct Shape {
    Index m, k, n;
  };
  // None cut, cut along the inner dimension, by columns, and by rows.
  for (const auto& [m, k, n] : {Shape{7, 5, 9}, Shape{20, 5000, 33}, Shape{64, 100, 701},
                                Shape{3000, 120, 40}, Shape{6000, 60, 30}}) {
    INFO(m << " x " << k << " x " << n);
    const Matrix<double> a = normal_matrix("a", m, k);
    const Matrix<double> b = normal_matrix("b", k, n);
    Matrix<double> c(m, n);
    Matrix<double> finished = Matrix<double>::Zero(m, n);
    Buffer<double> scratch;
    multiply_then<double>(c, a, b, scratch, [&](Index start, Index count) {
      finished.middleCols(start, count) += c.middleCols(start, count);
    });
    REQUIRE(finished == c);
    Matrix<double> plain(m, n);
    multiply<double>(plain, a, b, scratch);
    REQUIRE(plain == c);
  }
}
