// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

namespace gradus::examples::longer {

/// Elimination against a dense solve, and against Boltzmann's law at a mean time of e^200.
void run_exact(const Stream& stream, Record& out);

/// Walkers simulated step by step, each in a landscape of its own, against that landscape's law.
void run_direct(const Params& p, const Stream& stream, Record& out);

/// Mean distance of stopped walks in fractional Brownian potentials, over landscapes.
void run_walk(const Params& p, double alpha, const Stream& stream, Record& out);

/// Sinai's walk: constant, shape of its law, error of its slope.
void run_sinai(const Params& p, const Stream& stream, Record& out);

/// Valleys at zero temperature, alpha = 1.
void run_barrier(const Params& p, const Stream& stream, Record& out);

/// Paths of four walkers in one landscape.
void run_paths(const Params& p, const Stream& stream, Record& out);

/// Controls: no potential, independent values, a slope, and alpha = 2, a line of random slope.
void run_flat(Record& out);
void run_white(const Params& p, const Stream& stream, Record& out);
void run_drift(Record& out);
void run_lines(const Params& p, const Stream& stream, Record& out);

} // namespace gradus::examples::longer
