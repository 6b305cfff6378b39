// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <vector>

#include "support/draws.hpp"
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/equilibrium/solver.hpp>

/// Small networks for the tests of equilibrium/, and fixed points written as the textbook has them.
namespace support {

using gradus::equilibrium::Network;
using gradus::equilibrium::NetworkLayout;
using gradus::equilibrium::RelaxOptions;
using gradus::equilibrium::Solver;

inline const RelaxOptions to_the_end{.max_steps = 4000, .tolerance = 1e-14};

/// Layers of odd widths, so that no vector register is ever full by chance.
inline NetworkLayout small_layers() { return NetworkLayout::layered({5, 7, 6, 3}, 4); }
inline NetworkLayout small_mesh() { return NetworkLayout::fully_connected(5, 9, 3, 4); }

/// A network of that layout on five samples, relaxed and evaluated.
struct Relaxed {
  Network<double> network;
  Matrix<double> x;
  Vector<Index> classes;
  Vector<double> theta;
  Solver<double> solver;
  Vector<double> losses;

  explicit Relaxed(const NetworkLayout& layout, double angle = 1.2, Index samples = 5)
      : network(layout), x(normal_matrix("x", 5, samples, 0.5)),
        classes(cyclic_classes(samples, 4)), solver(network), losses(samples) {
    theta =
        network.initial_parameters({.gain = 0.6, .angle = angle}, gradus::Stream(7, "equilibrium"));
    network.layout().bias(theta) = normal_vector("b", layout.num_units(), 0.1);
    network.layout().readout_bias(theta) = normal_vector("c", 4, 0.1);
    solver.assign(theta);
    reached = solver.relax(x, to_the_end);
    solver.evaluate(classes, losses);
  }

  gradus::equilibrium::Certificate reached;
};

/// Rates of sample i at its fixed point under a complex nudge, by loops over numbers.
inline std::vector<std::complex<double>> plain_fixed_point(const Relaxed& at, Index i,
                                                           std::complex<double> beta) {
  using Complex = std::complex<double>;
  const auto& layout = at.network.layout();
  const auto n = static_cast<std::size_t>(layout.num_units());
  const auto w = layout.input_weights(at.theta);
  const auto b = layout.bias(at.theta);
  const auto readout = layout.readout(at.theta);
  const auto c = layout.readout_bias(at.theta);
  const auto& activation = at.network.activation();
  std::vector<Complex> u(n, 0.0);
  std::vector<Complex> r(n, activation.value(0.0));
  for (int step = 0; step < 1500; ++step) {
    std::vector<Complex> drive(n);
    for (std::size_t k = 0; k < n; ++k) {
      drive[k] = b(static_cast<Index>(k));
      for (Index f = 0; k < static_cast<std::size_t>(w.rows()) && f < w.cols(); ++f) {
        drive[k] += w(static_cast<Index>(k), f) * at.x(f, i);
      }
    }
    for (const auto& block : layout.blocks()) {
      const auto m = layout.coupling(at.theta, block);
      for (Index row = 0; row < block.rows; ++row) {
        for (Index col = 0; col < block.cols; ++col) {
          drive[static_cast<std::size_t>(block.row + row)] +=
              m(row, col) * r[static_cast<std::size_t>(block.col + col)];
        }
      }
    }
    std::vector<Complex> p;
    Complex sum = 0;
    for (Index k = 0; k < readout.rows(); ++k) {
      Complex z = c(k);
      for (Index o = 0; o < readout.cols(); ++o) {
        z += readout(k, o) * r[static_cast<std::size_t>(layout.first_output() + o)];
      }
      p.push_back(std::exp(z));
      sum += p.back();
    }
    for (Index o = 0; o < readout.cols(); ++o) {
      for (Index k = 0; k < readout.rows(); ++k) {
        const Complex d = p[static_cast<std::size_t>(k)] / sum - (k == at.classes(i) ? 1.0 : 0.0);
        drive[static_cast<std::size_t>(layout.first_output() + o)] += beta * readout(k, o) * d;
      }
    }
    for (std::size_t k = 0; k < n; ++k) {
      u[k] += 0.5 * (drive[k] - u[k]);
      r[k] = activation.value(u[k]);
    }
  }
  return r;
}

} // namespace support
