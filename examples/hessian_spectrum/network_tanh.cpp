// SPDX-License-Identifier: BSD-3-Clause
#include <memory>
#include <utility>

#include "network_of.hpp"

namespace gradus::examples::hessian {

std::unique_ptr<Network> make_tanh_network(const Params& p, Samples samples) {
  return std::make_unique<NetworkOf<nn::Tanh, nn::LeCunNormal>>(p, std::move(samples));
}

} // namespace gradus::examples::hessian
