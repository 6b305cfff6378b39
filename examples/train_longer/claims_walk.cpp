// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include "claims.hpp"
#include <gradus/study/number_text.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::longer {

namespace {

void judge_exact(const Params& p, const Results& r, Claims& claims) {
  claims.expect("exact", "elimination and a dense solve: largest relative difference of the law")
      .source("derived")
      .measured([&r] { return max_of(r["exact"].numbers("dense")); })
      .at_most(1e-11);
  claims.expect("exact-long", "... at a mean time of e^200, to Boltzmann's law")
      .source("derived")
      .measured([&r] { return max_of(r["exact"].numbers("boltzmann")); })
      .at_most(1e-11);
  if (!p.full) {
    return;
  }
  claims.expect("direct", "plain walkers against the law of their landscapes: z")
      .source("derived")
      .measured([&r] { return each(r["direct"].numbers("z")); })
      .in(-4, 4);
}

void judge_sinai(const Results& r, Claims& claims) {
  const ArmResults walk = r["walk"].where("alpha", 1);
  const ArmResults sinai = r["sinai"];
  claims.expect("log-squared", "alpha = 1: R^2 of c (ln tau - b)^2")
      .source("paper; Sinai's theorem")
      .measured([=] { return min_of(walk.numbers("square_r2")); })
      .at_least(0.998);
  claims.expect("log-squared-power", "... over that of a power law c tau^p")
      .source("paper; Sinai's theorem")
      .measured([=] { return min_of(walk.numbers("square_gain")); })
      .at_least(0.008);
  claims.expect("constant", "slope of sigma sqrt(E|x|) in ln tau over sqrt(5/6)")
      .source("Golosov's law; E|b| derived")
      .measured([=] { return each(sinai.numbers("slope")); })
      .in(0.90, 1.06);
  claims.expect("shape", "E x^2 / (E|x|)^2 at ln tau 30")
      .source("Golosov's law; moments derived")
      .measured([=] { return each(sinai.numbers("moment_ratio")); })
      .within(1.952, 0.15);
  claims.expect("shape-ks", "... KS distance of |x| / E|x| to Golosov's law")
      .source("Golosov's law")
      .measured([=] { return max_of(sinai.numbers("ks_golosov")); })
      .at_most(0.03);
  claims.expect("shape-normal", "... and to a half-normal law")
      .source("Golosov's law")
      .measured([=] { return min_of(sinai.numbers("ks_half_normal")); })
      .at_least(0.05);
  claims.expect("barrier", "valleys: growth of sqrt(E|x|) from depth 10 to 30 over sqrt(5/6)")
      .source("Golosov's law")
      .measured([&r] { return each(r["barrier"].numbers("slope")); })
      .in(0.97, 1.03);
}

void judge_exponents(const Results& r, Claims& claims) {
  const ArmResults all = r["walk"];
  claims.expect("ends", "probability to stop near an end of the lattice, mean over seeds")
      .source("setting")
      .measured([=, &r] {
        std::vector<double> shares{mean_of(r["sinai"].numbers("near_end")).value};
        for (const double alpha : exponents()) {
          shares.push_back(mean_of(all.where("alpha", alpha).numbers("near_end")).value);
        }
        return max_of(shares);
      })
      .at_most(1e-3);
  for (const double alpha : exponents()) {
    claims
        .expect("power-" + number_text(alpha),
                "power that makes E|x| straight in ln tau, over alpha / 2; alpha = " +
                    number_text(alpha))
        .source("paper")
        .measured([=] { return mean_of(all.where("alpha", alpha).numbers("power")); })
        .in(0.8, 1.25);
  }
  claims.expect("order", "upper-half exponent in ln tau falls with alpha: least fall of the means")
      .source("paper")
      .measured([=] {
        std::vector<double> falls;
        double last = 0;
        for (const double alpha : exponents()) {
          const double mean = mean_of(all.where("alpha", alpha).numbers("exponent")).value;
          if (alpha > exponents().front()) {
            falls.push_back(last - mean);
          }
          last = mean;
        }
        return min_of(falls);
      })
      .at_least(1e-9);
  for (const double alpha : exponents()) {
    if (alpha < 0.8) {
      continue;
    }
    claims
        .expect("valley-" + number_text(alpha),
                "growth of E|x|^(alpha / 2) over that of the valleys; alpha = " +
                    number_text(alpha))
        .source("Arrhenius; derived")
        .measured([=] { return each(all.where("alpha", alpha).numbers("valley")); })
        .in(0.8, 1.1);
  }
}

} // namespace

void judge_walks(const Params& p, const Results& r, Claims& claims) {
  judge_exact(p, r, claims);
  if (p.full) {
    judge_sinai(r, claims);
    judge_exponents(r, claims);
  }
}

} // namespace gradus::examples::longer
