// SPDX-License-Identifier: BSD-3-Clause
// Claims on identities, linear models, the bound and Gaussian clusters.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "judged.hpp"
#include "pooled.hpp"

namespace gradus::examples::agreement {

void judge_exact(const Params& p, const Results& r, Claims& claims) {
  claims
      .expect("identity", "norms by layer factors, alpha, E|g - g'|^2 = 2 (1 - alpha) q: largest "
                          "relative error")
      .source("derived")
      .measured([&r] { return max_of(r["identity"].numbers("error")); })
      .at_most(1e-12);
  claims
      .expect("amplify", "alpha of means of 2, 5, 20 gradients over k alpha / (1 + (k - 1) alpha)")
      .source("section on mini-batches, recalled")
      .measured([&r] {
        std::vector<double> all;
        for (const char* name : {"amplified_2", "amplified_5", "amplified_20"}) {
          const std::vector<double> some = r["identity"].numbers(name);
          all.insert(all.end(), some.begin(), some.end());
        }
        return each(all);
      })
      .within(1, 0.02);

  const auto both = [&r](const std::string& prefix) {
    std::vector<double> all = r["toy"].numbers(prefix + "_least_coherence");
    const std::vector<double> most = r["toy"].numbers(prefix + "_most_coherence");
    all.insert(all.end(), most.begin(), most.end());
    return each(all);
  };
  claims.expect("toy-coh", "toy with a common feature: m-coherence at every step, (n + 1) / 2")
      .source("derived")
      .measured([=] { return both("real"); })
      .within(10.5, 1e-6);
  claims.expect("toy-coh-random", "... without it")
      .source("derived")
      .measured([=] { return both("random"); })
      .within(1, 1e-6);
  claims.expect("toy-path", "losses and common weight against their closed forms: largest error")
      .source("derived")
      .measured([&r] {
        return max_of({max_of(r["toy"].numbers("real_path_error")).value,
                       max_of(r["toy"].numbers("random_path_error")).value,
                       max_of(r["toy-noisy"].numbers("path_error")).value});
      })
      .at_most(1e-12);
  claims
      .expect("toy-late", "flipped labels get worse first: largest loss over the first, each share")
      .source("idea of the paper")
      .measured([&r] { return each(r["toy-noisy"].numbers("rise")); })
      .at_least(1.4);
  claims
      .expect("toy-late-time", "... and are learned last: steps to loss 0.05 over the clean ones'")
      .source("idea of the paper")
      .measured([&r] {
        const ArmResults noisy = r["toy-noisy"];
        return each(quotients(noisy.numbers("flipped_time"), noisy.numbers("clean_time")));
      })
      .at_least(2);

  const ArmResults gap = r["gap"];
  claims.expect("bound", "logistic regression: path form of the bound over the gap, each seed")
      .source("theorem, recalled")
      .measured([=] { return each(quotients(gap.numbers("path"), gap.numbers("gap"))); })
      .at_least(1);
  claims.expect("bound-theorem", "... theorem form over path form")
      .source("theorem, recalled")
      .measured([=] { return each(quotients(gap.numbers("theorem"), gap.numbers("path"))); })
      .at_least(1);
  claims.expect("gap-order", "less coherence, larger gap: random labels over coherent ones")
      .source("idea of the paper")
      .measured([=, s = p.separation] {
        return each(quotients(gap.where("separation", 0).numbers("gap"),
                              gap.where("separation", s).numbers("gap")));
      })
      .at_least(3);

  const ArmResults medians = r["medians"];
  claims.expect("m3-exact", "toy with flipped labels, median of thirds: largest private weight")
      .source("derived")
      .measured([=] { return max_of(medians.numbers("m3_largest")); })
      .equals(0);
  claims.expect("m3-exact-corrupt", "... share of the flipped labels that are fitted")
      .source("idea of the paper")
      .measured([=] { return max_of(medians.numbers("m3_corrupt")); })
      .equals(0);
  claims.expect("m3-exact-pristine", "... share of the others")
      .source("idea of the paper")
      .measured([=] { return min_of(medians.numbers("m3_pristine")); })
      .equals(1);
}

void judge_clusters(const Params& /*p*/, const Results& r, Claims& claims) {
  const auto over = [&r](const char* arm, const char* axis, const std::vector<double>& at,
                         const std::vector<std::string>& names) {
    std::vector<double> z;
    for (const double value : at) {
      for (const std::string& name : names) {
        z.push_back(z_of(r[arm].where(axis, value), name));
      }
    }
    return max_of(z);
  };
  claims
      .expect("sample-bias",
              "m-coherence of samples of 5 to 500 against 1 + (m - 1) rho: largest |z|")
      .source("derived")
      .measured([=] {
        return over("bias", "sample_size", {5, 20, 100, 500}, {"coherence"});
      })
      .at_most(4);
  claims.expect("sample-bias-unbiased", "... unbiased alpha over rho, 20 to 500 samples")
      .source("derived")
      .measured([&r] {
        std::vector<double> ratios;
        for (const double m : {20.0, 100.0, 500.0}) {
          const ArmResults arm = r["bias"].where("sample_size", m);
          ratios.push_back(pooled(arm, "unbiased").value() / law_of(arm, "unbiased"));
        }
        return each(ratios);
      })
      .within(1, 0.03);
  claims
      .expect("cluster-forms", "alpha of two clusters, 0, 10, 25 % flipped; linear, mean kernel, "
                               "networks of 16 and 256 units: largest |z|")
      .source("derived")
      .measured([&r] {
        std::vector<double> z;
        for (const char* model : {"linear_", "kernel_", "net16_", "net256_"}) {
          for (const char* flip : {"0", "1", "2"}) {
            z.push_back(z_of(r["forms"], std::string(model) + flip));
          }
        }
        return max_of(z);
      })
      .at_most(4);
  claims.expect("softmax-form", "alpha of 2, 5, 10 clusters under a softmax: largest |z|")
      .source("derived")
      .measured([=] {
        return over("softmax", "classes", {2, 5, 10}, {"coherence"});
      })
      .at_most(4);
  const auto three = [&r](const std::string& what) {
    std::vector<double> all;
    for (const char* name : {"kernel_", "net_", "linear_"}) {
      const std::vector<double> some = r["random-law"].numbers(name + what);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  };
  claims.expect("random-law", "random labels on fixed inputs: m-coherence against 1, largest |z|")
      .source("limit of the paper, law derived")
      .measured([=] { return max_of(sizes_of(three("z"))); })
      .at_most(4);
  claims.expect("random-law-spread", "... its standard deviation over the predicted one")
      .source("derived")
      .measured([=] { return each(three("deviation")); })
      .in(0.95, 1.05);
  claims
      .expect("one-step", "one step: change of training loss, of test loss, gap against -eta q "
                          "alpha and the like: largest |z|")
      .source("derived")
      .measured([=] {
        return over("one-step", "flip", {0, 0.25, 0.5}, {"training", "test", "gap"});
      })
      .at_most(4);
  claims
      .expect("one-step-efficiency",
              "... test gain over training gain minus m alpha / (1 + (m - 1) alpha)")
      .source("derived")
      .measured([&r] {
        std::vector<double> differences;
        for (const double flip : {0.0, 0.25, 0.5}) {
          const ArmResults arm = r["one-step"].where("flip", flip);
          differences.push_back(pooled(arm, "efficiency").value() - law_of(arm, "efficiency"));
        }
        return each(differences);
      })
      .within(0, 0.02);
  claims.expect("one-replaced", "... squared change of the weights by one other example: |z|")
      .source("derived")
      .measured([=] {
        return over("one-step", "flip", {0, 0.25, 0.5}, {"replaced"});
      })
      .at_most(4);
  claims.expect("ctl-no-efficiency", "random labels: change of test loss against 0: |z|")
      .source("derived")
      .control()
      .measured([&r] { return z_of(r["one-step"].where("flip", 0.5), "test"); })
      .at_most(4);
  claims.expect("ctl-no-efficiency-training", "... of training loss over the prediction")
      .source("derived")
      .control()
      .measured([&r] {
        const ArmResults arm = r["one-step"].where("flip", 0.5);
        return pooled(arm, "training").value() / law_of(arm, "training");
      })
      .within(1, 0.05);
}

} // namespace gradus::examples::agreement
