// SPDX-License-Identifier: BSD-3-Clause
#include "networks.hpp"
#include "training.hpp"
#include <gradus/nn/surrogate_schedule.hpp>

namespace gradus::examples::binary {

void run_ede(const Params& p, const Stream& stream, Record& out) {
  const nn::GeometricSteepness schedule;
  train_binary(
      p, schedule, [&](double r) { return schedule.at(r); }, stream, out);
}

} // namespace gradus::examples::binary
