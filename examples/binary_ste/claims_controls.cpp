// SPDX-License-Identifier: BSD-3-Clause
#include <vector>

#include "claims.hpp"
#include <gradus/study/summary.hpp>

namespace gradus::examples::binary {

void judge_controls(const Params& p, const Results& r, Claims& claims) {
  claims
      .expect("ctl-identity",
              "order 1, no flat middle, clip 1: change to straight-through in loss, "
              "accuracy and |theta|")
      .source("the same function")
      .control()
      .measured([&r] {
        std::vector<std::vector<double>> a = r["control-identity"].series("loss_curve");
        std::vector<std::vector<double>> b = r["ste"].series("loss_curve");
        for (const char* name : {"loss", "accuracy", "norm", "spread"}) {
          a.push_back(r["control-identity"].numbers(name));
          b.push_back(r["ste"].numbers(name));
        }
        return max_of(absolute_differences(a, b));
      })
      .equals(0);
  claims.expect("ctl-float", "no binarisation: largest training loss")
      .source("the task itself is easy")
      .control()
      .measured([&r] { return max_of(r["control-float"].numbers("loss")); })
      .at_most(0.05);
  claims.expect("ctl-float-accuracy", "... least test accuracy")
      .source("the task itself is easy")
      .control()
      .measured([&r] { return min_of(r["control-float"].numbers("accuracy")); })
      .at_least(0.95);
  if (!p.full) {
    return;
  }
  const auto per_flat = [&r](const char* name) {
    const ArmResults arm = r["control-no-flat"];
    std::vector<double> means;
    for (const double flat : arm.coordinates("flat")) {
      means.push_back(mean_of(arm.where("flat", flat).numbers(name)).value);
    }
    return means;
  };
  claims.expect("ctl-no-flat", "order 10, a thinner flat middle: least mean loss over that at 0.1")
      .source("instability alone destroys training")
      .control()
      .measured([=, &r] {
        std::vector<double> ratios = per_flat("loss");
        for (double& x : ratios) {
          x /= mean_of(r["reste"].where("order", 10).numbers("loss")).value;
        }
        return min_of(ratios);
      })
      .at_least(2);
}

} // namespace gradus::examples::binary
