// SPDX-License-Identifier: BSD-3-Clause
// A run has the same bits for any number of threads.
#include <gradus/optim/descend.hpp>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "catch.hpp"
#include "support/draws.hpp"
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/optim/momentum.hpp>

using namespace gradus;

namespace {

const optim::Momentum<float> float_rule{
    .learning_rate = 0.02F, .momentum = 0.9F, .weight_decay = 1e-3F};

template <class F>
Vector<float> trained(F& objective, Vector<float> theta, [[maybe_unused]] int threads) {
#ifdef _OPENMP
  omp_set_num_threads(threads);
#endif
  (void)optim::descend(objective, theta, float_rule, {.steps = 5});
#ifdef _OPENMP
  omp_set_num_threads(2);
#endif
  return theta;
}

} // namespace

TEST_CASE("training has the same bits for 1, 2 and 3 threads") {
  const Matrix<float> x = support::normal_matrix("x", 1500, 150).cast<float>();
  const Vector<float> labels = support::alternating_labels<float>(150);
  const auto check = [&](auto& objective, const Vector<float>& start) {
    const Vector<float> one = trained(objective, start, 1);
    REQUIRE(one != start);
    REQUIRE(one.allFinite());
    REQUIRE(trained(objective, start, 2) == one);
    REQUIRE(trained(objective, start, 3) == one);
  };
  const nn::Mlp<float> mlp({.widths = {1500, 120, 60, 1}});
  objective::EmpiricalRisk deep(mlp, nn::Logistic{}, x, labels);
  check(deep, support::normal_vector("deep", mlp.num_parameters(), 0.05).cast<float>());

  const nn::FrozenSecondLayer<float> top(nn::balanced_signs<float>(100));
  const nn::TwoLayer<float> net(1500, top);
  objective::EmpiricalRisk shallow(net, nn::Logistic{}, x, labels);
  const Vector<float> w0 = support::normal_vector("w0", net.num_parameters(), 0.05).cast<float>();
  check(shallow, w0);

  const Matrix<float> gram = x.transpose() * x / 1500;
  const Matrix<float> initial = net.weights(w0) * x;
  objective::SpanRisk span(top, nn::Logistic{}, gram, initial, labels);
  check(span, span.initial());
}
