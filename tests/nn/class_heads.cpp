// SPDX-License-Identifier: BSD-3-Clause
// Losses over classes in an arithmetic of their own: derivatives, hand-computed roundings,
// collapse.
#include <cmath>
#include <complex>
#include <limits>

#include "catch.hpp"
#include "support/derivatives.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/loss.hpp>

using namespace gradus;
using Complex = std::complex<double>;

static_assert(nn::Loss<nn::RoundedSoftmaxCrossEntropy<Eigen::half>, float>);
static_assert(nn::Loss<nn::ExactSoftmaxCrossEntropy<>, double>);
static_assert(nn::Loss<nn::StableMaxCrossEntropy<>, float>);

namespace {

constexpr Index k = 5;
constexpr Index n = 7;
const Vector<Index> classes = support::cyclic_classes(n, k);

/// Gradient and Hessian product of a loss against complex steps of its own values and gradients,
/// and the Hessian's symmetry.
template <class L>
void derivatives_are_right(const L& loss) {
  INFO(L::name);
  const Matrix<double> z = support::normal_matrix("z", k, n, 2.0);
  const Matrix<double> v = support::normal_matrix("v", k, n);
  Vector<double> values(n);
  Matrix<double> dz(k, n);
  Matrix<double> hv(k, n);
  loss.value_and_gradient(z, classes, values, dz);
  loss.hessian_product(z, classes, v, hv);
  Vector<double> alone(n);
  loss.values(z, classes, alone);
  REQUIRE(alone == values);
  constexpr double h = 1e-40;
  Matrix<Complex> along = z.cast<Complex>() + Complex(0, h) * v.cast<Complex>();
  Vector<Complex> out(n);
  Matrix<Complex> gradient(k, n);
  loss.value_and_gradient(along, classes, out, gradient);
  REQUIRE(support::worst_error(hv, Matrix<double>(gradient.imag() / h)) < tol<double>::derivative);
  for (Index i = 0; i < n; ++i) {
    REQUIRE(relative_error(dz.col(i).dot(v.col(i)), out(i).imag() / h) < tol<double>::derivative);
  }
  Matrix<double> hz(k, n);
  loss.hessian_product(z, classes, z, hz);
  for (Index i = 0; i < n; ++i) {
    REQUIRE(std::abs(hv.col(i).dot(z.col(i)) - hz.col(i).dot(v.col(i))) < 1e-13);
  }
}

template <class L>
struct Sample {
  double loss = 0;
  Vector<double> dz;
};

/// Loss and gradient of one sample of class 0, in double.
template <class L>
Sample<L> at(const L& loss, const Vector<double>& outputs) {
  const Vector<Index> zero = Vector<Index>::Zero(1);
  Vector<double> value(1);
  Matrix<double> dz(outputs.size(), 1);
  loss.value_and_gradient(outputs, zero, value, dz);
  return {value(0), dz.col(0)};
}

Vector<double> margin(double m, Index size) {
  Vector<double> z = Vector<double>::Zero(size);
  z(0) = m;
  return z;
}

} // namespace

TEST_CASE("class heads: derivatives by complex step") {
  derivatives_are_right(nn::RoundedSoftmaxCrossEntropy<>{});
  derivatives_are_right(nn::RoundedSoftmaxCrossEntropy<void, nn::SoftmaxSum::sequential>{});
  derivatives_are_right(nn::ExactSoftmaxCrossEntropy<>{});
  derivatives_are_right(nn::StableMaxCrossEntropy<void>{});
}

TEST_CASE("class heads: softmax in double is softmax, in any route") {
  const Matrix<double> z = support::normal_matrix("z", k, n, 3.0);
  Vector<double> values(n), reference(n);
  Matrix<double> dz(k, n), expected(k, n);
  nn::SoftmaxCrossEntropy{}.value_and_gradient(z, classes, reference, expected);
  nn::RoundedSoftmaxCrossEntropy<double>{}.value_and_gradient(z, classes, values, dz);
  REQUIRE(support::worst_error(values, reference) < tol<double>::rel);
  REQUIRE(support::worst_error(dz, expected) < tol<double>::rel);
  nn::ExactSoftmaxCrossEntropy<double>{}.value_and_gradient(z, classes, values, dz);
  REQUIRE(support::worst_error(values, reference) < tol<double>::rel);
  REQUIRE(support::worst_error(dz, expected) < tol<double>::rel);
  // More outputs than fit the stack.
  const Matrix<double> wide = support::normal_matrix("wide", 700, 2);
  const Vector<Index> two = support::cyclic_classes(2, 700);
  Vector<double> a(2), b(2);
  nn::SoftmaxCrossEntropy{}.values(wide, two, a);
  nn::ExactSoftmaxCrossEntropy<>{}.values(wide, two, b);
  REQUIRE(support::worst_error(b, a) < tol<double>::rel);
}

TEST_CASE("class heads: half numbers round at every operation: by hand") {
  // Two outputs (1, 0), class 0, in half (11 bits): d = (0, -1), exp(-1) = 0.36787944 rounds to
  // 0.36791992 (spacing 2^-12); S = 1.36791992 rounds to 1.3681640625 (spacing 2^-10, the tie-free
  // nearest); log S = 0.31347... rounds to 0.3134765625 (spacing 2^-12); so loss = 0.3134765625.
  const auto half = at(nn::RoundedSoftmaxCrossEntropy<Eigen::half>{}, margin(1, 2));
  REQUIRE(half.loss == 0.3134765625);
  // exp(-0.3134765625) = 0.73090... rounds to 0.73095703125 (spacing 2^-11); minus 1.
  REQUIRE(half.dz(0) == 0.73095703125 - 1);
  // In bfloat16 (8 bits): exp(-1) rounds to 0.3671875, S to 1.3671875, log S to 0.3125 (spacing
  // 2^-9: 0.31276 lies between 0.3125 and 0.314453125).
  const auto brain = at(nn::RoundedSoftmaxCrossEntropy<Eigen::bfloat16>{}, margin(1, 2));
  REQUIRE(brain.loss == 0.3125);
  // Outputs are rounded first: 1 + 2^-12 is 1 in half.
  REQUIRE(at(nn::RoundedSoftmaxCrossEntropy<Eigen::half>{}, margin(1 + 0x1p-12, 2)).loss ==
          half.loss);
}

TEST_CASE("class heads: absorption and overflow of half numbers") {
  const Eigen::half big(2048.0F); // 2^11
  REQUIRE(static_cast<float>(big + Eigen::half(1.0F)) == 2048.0F);
  REQUIRE(static_cast<float>(big + Eigen::half(2.0F)) == 2050.0F);
  // exp overflows at log(65520) = 11.0899.
  REQUIRE(std::isfinite(static_cast<float>(Eigen::half(std::exp(11.08F)))));
  REQUIRE(std::isinf(static_cast<float>(Eigen::half(std::exp(11.1F)))));
  // The largest output is taken out, so the loss never overflows for outputs that are finite.
  const auto far = at(nn::RoundedSoftmaxCrossEntropy<Eigen::half>{}, margin(-60'000, 3));
  REQUIRE(std::isfinite(far.loss));
  REQUIRE(far.loss > 59'000);
}

TEST_CASE(
    "class heads: the softmax collapses at log(1/u), or log((k-1)/u) if its sum is rounded once") {
  const auto check = [](auto format, int bits) {
    using H = decltype(format);
    const double law = bits * std::log(2.0);
    constexpr Index outputs = 53;
    // The spacing of outputs is a 2^-bits part of some 8.
    const double near = 0.01 + 8 * std::pow(2.0, -bits);
    using Sequential = nn::RoundedSoftmaxCrossEntropy<H, nn::SoftmaxSum::sequential>;
    REQUIRE(at(Sequential{}, margin(law + near, outputs)).loss == 0);
    REQUIRE(at(Sequential{}, margin(law - near, outputs)).loss > 0);
    const double once = law + std::log(52.0);
    const double near_once = 0.02 + 16 * std::pow(2.0, -bits);
    using Once = nn::RoundedSoftmaxCrossEntropy<H>;
    REQUIRE(at(Once{}, margin(once + near_once, outputs)).loss == 0);
    REQUIRE(at(Once{}, margin(once - near_once, outputs)).loss > 0);
    // After the collapse the label's entry is 0, the others are not: a one-sided gradient.
    const auto collapsed = at(Once{}, margin(once + 0.5, outputs));
    REQUIRE(collapsed.dz(0) == 0);
    REQUIRE(collapsed.dz(1) > 0);
  };
  check(Eigen::bfloat16{}, 8);
  check(Eigen::half{}, 11);
  check(float{}, 24);
  check(double{}, 53);
}

TEST_CASE("class heads: the exact loss keeps its relative precision") {
  for (const double m : {10.0, 40.0, 80.0}) {
    const auto exact = at(nn::ExactSoftmaxCrossEntropy<float>{}, margin(m, 4));
    const double truth = std::log1p(3 * std::exp(-m));
    INFO(m);
    REQUIRE(relative_error(exact.loss, truth) < 1e-6);
    REQUIRE(relative_error(-exact.dz(0), 3 * std::exp(-m) / (1 + 3 * std::exp(-m))) < 1e-6);
    REQUIRE(std::abs(exact.dz.sum()) < 1e-6 * std::abs(exact.dz(0)));
  }
  // A wrong class by a wide margin: no overflow.
  const auto wrong = at(nn::ExactSoftmaxCrossEntropy<float>{}, margin(-500, 3));
  REQUIRE(relative_error(wrong.loss, 500 + std::log(2.0)) < 1e-6);
  REQUIRE(std::abs(wrong.dz(0) + 1) < 1e-6);
  REQUIRE(std::abs(wrong.dz(1) - 0.5) < 1e-6);
}

TEST_CASE("class heads: StableMax by its formula") {
  REQUIRE(nn::stablemax_weight(3.0) == 4.0);
  REQUIRE(nn::stablemax_weight(-3.0) == 0.25);
  REQUIRE(nn::stablemax_weight(0.0) == 1.0);
  REQUIRE(nn::stablemax_slope(3.0) == 1.0);
  REQUIRE(nn::stablemax_slope(-3.0) == 0.0625);
  const Vector<double> z = (Vector<double>(3) << 3, -3, 0).finished(); // weights 4, 1/4, 1
  const Vector<double> logs = nn::log_stablemax(z);
  REQUIRE(relative_error(logs(0), std::log(4 / 5.25)) < tol<double>::rel);
  REQUIRE(relative_error(logs(1), std::log(0.25 / 5.25)) < tol<double>::rel);
  const auto sample = at(nn::StableMaxCrossEntropy<>{}, z);
  REQUIRE(relative_error(sample.loss, -logs(0)) < tol<double>::rel);
  REQUIRE(relative_error(sample.dz(0), 1 / 5.25 - 0.25) < tol<double>::rel);
  REQUIRE(relative_error(sample.dz(1), 0.0625 / 5.25) < tol<double>::rel);
  // No collapse: at a margin of 1e4 the loss is still there, in float too.
  REQUIRE(at(nn::StableMaxCrossEntropy<float>{}, margin(1e4, 3)).loss > 1e-4);
}

TEST_CASE("class heads: edge cases") {
  const nn::RoundedSoftmaxCrossEntropy<float> loss;
  Vector<double> none(0);
  loss.values(Matrix<double>(3, 0), Vector<Index>(0), none);
  const auto says = [&](Index rows, Index cols) {
    Vector<double> values(cols);
    return support::message_of<ArgumentError>(
        [&] { loss.values(Matrix<double>::Zero(rows, cols), Vector<Index>::Zero(2), values); });
  };
  REQUIRE(says(1, 2) == "num_outputs is 1; valid: >= 2 for a softmax");
  REQUIRE(support::starts_with(says(3, 4), "z is of shape 3 x 4; valid: 3 x 2"));
  // NaN goes in and comes out.
  REQUIRE(std::isnan(at(loss, margin(std::nan(""), 3)).loss));
  REQUIRE(std::isnan(at(nn::StableMaxCrossEntropy<>{}, margin(std::nan(""), 3)).loss));
  REQUIRE(std::isnan(at(nn::ExactSoftmaxCrossEntropy<>{}, margin(std::nan(""), 3)).loss));
}
