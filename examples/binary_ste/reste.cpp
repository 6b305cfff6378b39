// SPDX-License-Identifier: BSD-3-Clause
#include "networks.hpp"
#include "training.hpp"
#include <gradus/nn/surrogate_schedule.hpp>

namespace gradus::examples::binary {

void run_reste(const Params& p, const Stream& stream, Record& out) {
  const nn::CosineOrder schedule{.final_order = p.order, .flat = p.flat, .clip = p.clip};
  // The estimating error is that of the final order at all times, as in the official code.
  train_binary(
      p, schedule, [&](double) { return schedule.at(1); }, stream, out);
}

} // namespace gradus::examples::binary
