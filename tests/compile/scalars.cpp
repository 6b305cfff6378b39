// SPDX-License-Identifier: BSD-3-Clause
// Which number types pass the concepts of core/.
#include <complex>
#include <string>

#include <Eigen/Core>

#include <gradus/core/autodiff.hpp>
#include <gradus/core/scalar.hpp>

using gradus::RealScalar;
using gradus::Scalar;

static_assert(Scalar<float>);
static_assert(Scalar<double>);
static_assert(Scalar<long double>);
static_assert(Scalar<Eigen::half>);
static_assert(Scalar<Eigen::bfloat16>);
static_assert(Scalar<std::complex<float>>);
static_assert(Scalar<std::complex<double>>);
static_assert(Scalar<gradus::Dual<double, 1>>);
static_assert(Scalar<gradus::Dual<double, 2>>);

static_assert(!Scalar<int>);
static_assert(!Scalar<bool>);
static_assert(!Scalar<long>);
static_assert(!Scalar<void*>);
static_assert(!Scalar<std::string>);
static_assert(!Scalar<double&>);

static_assert(RealScalar<float>);
static_assert(RealScalar<Eigen::bfloat16>);
static_assert(!RealScalar<std::complex<double>>);
static_assert(!RealScalar<int>);

static_assert(std::same_as<gradus::RealOf<std::complex<float>>, float>);
static_assert(std::same_as<gradus::RealOf<long double>, long double>);
static_assert(std::same_as<gradus::RealOf<gradus::Dual<double, 2>>, double>);
