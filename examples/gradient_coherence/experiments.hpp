// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "setting.hpp"
#include <gradus/core/random.hpp>
#include <gradus/study/record.hpp>

/// The experiments, each a file of its own. All draw from the stream of the cell alone.
namespace gradus::examples::agreement {

// toy.cpp: linear models on one common and many private features.
void run_toy(const Stream& stream, Record& out);
void run_toy_noisy(const Params& p, const Stream& stream, Record& out);
void run_toy_medians(const Params& p, const Stream& stream, Record& out);

// gap.cpp: logistic regression, generalisation gap against the bound.
void run_gap(const Params& p, const Stream& stream, Record& out);

// noise.cpp: networks on digits with label noise.
void run_noise(const Params& p, const Stream& stream, Record& out);
void run_size(const Params& p, const Stream& stream, Record& out);
void run_redraws(const Params& p, const Stream& stream, Record& out);

// easy.cpp: what is learned early.
void run_easy(const Params& p, const Stream& stream, Record& out);
void run_pixels(const Params& p, const Stream& stream, Record& out);

// robust.cpp: two classes under gradients that ignore what few examples ask for.
enum class Aggregator { winsorised, median_of_thirds, last_three_median, last_three_mean };
void run_robust(const Params& p, Aggregator how, Index batch, const Stream& stream, Record& out);

// step.cpp: identities on a network's gradients, and single steps inside training.
void run_identities(const Params& p, const Stream& stream, Record& out);
void run_steps_of_network(const Params& p, const Stream& stream, Record& out);

// clusters.cpp: closed forms on Gaussian clusters.
void run_sample_bias(const Params& p, const Stream& stream, Record& out);
void run_cluster_forms(const Params& p, const Stream& stream, Record& out);
void run_softmax_form(const Params& p, const Stream& stream, Record& out);
void run_random_law(const Params& p, const Stream& stream, Record& out);
void run_one_step(const Params& p, const Stream& stream, Record& out);

} // namespace gradus::examples::agreement
