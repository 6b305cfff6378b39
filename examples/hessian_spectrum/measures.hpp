// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "network.hpp"
#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/core/types.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/record.hpp>

/// The experiments: each function computes one cell, which is one network.

namespace gradus::examples::hessian {

/// The entries as the list that a record takes.
inline std::vector<double> as_list(const Vector<double>& x) { return {x.begin(), x.end()}; }

/// Writes down what a Hessian's eigenvalues (falling) show. All names start with the prefix.
void record_spectrum(const Params& p, const Vector<double>& l, const std::string& prefix,
                     Record& out);

/// A network before and after training: Hessian, Gauss-Newton part, residual, gradients.
void run_main(const Params& p, const Stream& stream, Record& out);
/// A network before training: what its Hessian and its Gauss-Newton matrix count.
void run_start(const Params& p, const Stream& stream, Record& out);
/// A trained network: its Hessian's eigenvalues alone.
void run_trained(const Params& p, const Stream& stream, Record& out);
/// A trained network too large for all eigenvalues: the leading ones, and the density by Lanczos.
void run_large(const Params& p, const Stream& stream, Record& out);
/// Closed forms of both parts against their dense matrices, before and after training.
void run_identities(const Params& p, const Stream& stream, Record& out);
/// Tools that need products only against the dense Hessian.
void run_matrix_free(const Params& p, const Stream& stream, Record& out);
/// A large-batch solution, the small-batch one reached from it, and the line between them.
void run_basin(const Params& p, const Stream& stream, Record& out);
/// Control: the line between the large-batch solutions of two initialisations.
void run_far(const Params& p, const Stream& stream, Record& out);
/// Control: the large-batch solution trained on with full batches.
void run_full_batch(const Params& p, const Stream& stream, Record& out);
/// Full batches and small ones from the same initialisation to the same loss.
void run_same_start(const Params& p, const Stream& stream, Record& out);

} // namespace gradus::examples::hessian
