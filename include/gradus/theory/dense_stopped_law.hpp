// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include <Eigen/LU>

#include <gradus/core/error.hpp>
#include <gradus/core/types.hpp>
#include <gradus/data/heat_bath_walk.hpp>

/// The law of a stopped walk from its definition: the reference for theory/stopped_walk.hpp, which
/// owes nothing to the order of elimination there. (Eigen's LU costs some seconds of compile time.)
namespace gradus::theory {

/// p = kappa e_0^T (kappa I - Q)^-1, kappa = 1 / tau, Q the generator of the heat-bath walk in the
/// potential, reflected at both ends. Good while tau is far below 1 / rounding, about 1e15.
/// @param potential  (2 reach + 1), the walk starts in the middle   @param tau  > 0, finite
/// @return law of the site (2 reach + 1)   @throws ArgumentError
/// Cost: an elimination of (2 reach + 1)^3 / 3 multiplications
[[nodiscard]] inline Vector<double> dense_stopped_law(ConstVectorRef<double> potential,
                                                      double tau) {
  const Index sites = potential.size();
  require(sites % 2 == 1, "number of sites", sites, "odd");
  require(tau > 0 && std::isfinite(tau), "tau", tau, "> 0, finite");
  Matrix<double> system = Matrix<double>::Zero(sites, sites); // (kappa I - Q)^T
  for (Index i = 0; i < sites; ++i) {
    system(i, i) += 1 / tau;
    for (const Index j : {i - 1, i + 1}) {
      if (j >= 0 && j < sites) {
        const double rate = data::heat_bath_rate(potential(j) - potential(i));
        system(j, i) -= rate;
        system(i, i) += rate;
      }
    }
  }
  return system.partialPivLu().solve(Vector<double>::Unit(sites, sites / 2)) / tau;
}

} // namespace gradus::theory
