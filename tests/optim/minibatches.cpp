// SPDX-License-Identifier: BSD-3-Clause
// Which examples a mini-batch holds, and descent on mini-batches.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>
#include <vector>

#include "catch.hpp"
#include "support/errors.hpp"
#include <gradus/core/error.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/sgd.hpp>

namespace {

using namespace gradus;
using optim::Minibatches;
using optim::Sampling;
using Batch = std::vector<Index>;

Batch next(Minibatches& batches) {
  const auto batch = batches.next();
  return {batch.begin(), batch.end()};
}

/// Mean of (theta - i)^2 / 2 over examples i = 0, 1, ..., n - 1; a mini-batch has its own mean.
struct Targets {
  using Value = double;
  Index n;

  static Index num_parameters() { return 1; }
  [[nodiscard]] Index num_examples() const { return n; }
  [[nodiscard]] double value(ConstVectorRef<double> theta) const {
    Vector<double> unused(1);
    return value_and_gradient(theta, unused);
  }
  double value_and_gradient(ConstVectorRef<double> theta, VectorRef<double> gradient) const {
    Batch all(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) {
      all[static_cast<std::size_t>(i)] = i;
    }
    return value_and_gradient(theta, all, gradient);
  }
  static double value_and_gradient(ConstVectorRef<double> theta, std::span<const Index> batch,
                                   VectorRef<double> gradient) {
    double sum = 0;
    gradient(0) = 0;
    for (const Index i : batch) {
      const double gap = theta(0) - static_cast<double>(i);
      sum += gap * gap / 2;
      gradient(0) += gap / static_cast<double>(batch.size());
    }
    return sum / static_cast<double>(batch.size());
  }
};
static_assert(objective::HasMinibatches<Targets>);

} // namespace

TEST_CASE("mini-batches: an epoch visits every example once, the last batch is shorter") {
  for (const Index size : {1, 4, 7, 10}) {
    Minibatches batches(10, size, Stream(1, "batches"));
    REQUIRE(batches.batches_per_epoch() == (10 + size - 1) / size);
    for (Index epoch = 0; epoch < 3; ++epoch) {
      REQUIRE(batches.epoch() == epoch);
      Batch all;
      for (Index b = 0; b < batches.batches_per_epoch(); ++b) {
        const Batch batch = next(batches);
        const bool last = b + 1 == batches.batches_per_epoch();
        REQUIRE(static_cast<Index>(batch.size()) == (last ? 10 - b * size : size));
        all.insert(all.end(), batch.begin(), batch.end());
      }
      std::sort(all.begin(), all.end());
      REQUIRE(all == Batch{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    }
  }
}

TEST_CASE("mini-batches: the stream alone decides, epoch by epoch anew") {
  Minibatches one(20, 20, Stream(1, "batches"));
  Minibatches same(20, 20, Stream(1, "batches"));
  Minibatches other(20, 20, Stream(2, "batches"));
  const Batch first = next(one);
  const Batch second = next(one);
  REQUIRE(first != second);
  REQUIRE(next(same) == first);
  REQUIRE(next(other) != first);
  // A copy goes on alone.
  Minibatches copy = one;
  const Batch third = next(one);
  next(one);
  REQUIRE(next(copy) == third);
  // The same epoch cut into smaller batches, from a stream that has been drawn from.
  Stream used(1, "batches");
  used.bits();
  Minibatches small(20, 6, used);
  Batch joined;
  for (int b = 0; b < 4; ++b) {
    const Batch batch = next(small);
    joined.insert(joined.end(), batch.begin(), batch.end());
  }
  REQUIRE(joined == first);
}

TEST_CASE("mini-batches: every place of an epoch gets every example alike") {
  // 6 examples in 6000 epochs: each is first in 1000, standard deviation 29; five of them are
  // passed by one of six counts in a million runs, and the seed is fixed.
  std::array<int, 6> firsts{};
  Minibatches batches(6, 6, Stream(3, "firsts"));
  for (int epoch = 0; epoch < 6000; ++epoch) {
    ++firsts[static_cast<std::size_t>(batches.next()[0])];
  }
  for (const int count : firsts) {
    REQUIRE(std::abs(count - 1000) < 5 * 29);
  }
}

TEST_CASE("mini-batches: independent draws, with replacement") {
  Minibatches batches(5, 12, Stream(4, "independent"), Sampling::independent);
  Minibatches same(5, 12, Stream(4, "independent"), Sampling::independent);
  std::array<int, 5> counts{};
  std::set<Batch> different;
  for (int b = 0; b < 1000; ++b) {
    const Batch batch = next(batches);
    REQUIRE(batch.size() == 12); // larger than the data set: some come twice
    REQUIRE(batch == next(same));
    different.insert(batch);
    for (const Index i : batch) {
      REQUIRE((i >= 0 && i < 5));
      ++counts[static_cast<std::size_t>(i)];
    }
  }
  REQUIRE(different.size() == 1000); // two equal among 5^12 = 2e8: one run in 500
  for (const int count : counts) {   // 2400 each, standard deviation 44
    REQUIRE(std::abs(count - 2400) < 5 * 44);
  }
}

TEST_CASE("mini-batches: subsets are drawn anew, without replacement inside a batch") {
  Minibatches batches(5, 3, Stream(7, "subsets"), Sampling::subsets);
  Minibatches same(5, 3, Stream(7, "subsets"), Sampling::subsets);
  std::array<int, 5> counts{};
  std::array<int, 5> firsts{};
  std::set<Batch> different;
  for (int b = 0; b < 3000; ++b) {
    const Batch batch = next(batches);
    REQUIRE(batch == next(same));
    REQUIRE(std::set<Index>(batch.begin(), batch.end()).size() == 3);
    different.insert(batch);
    ++firsts[static_cast<std::size_t>(batch.front())];
    for (const Index i : batch) {
      REQUIRE((i >= 0 && i < 5));
      ++counts[static_cast<std::size_t>(i)];
    }
  }
  REQUIRE(different.size() == 60); // all of 5 * 4 * 3; one stays out in one run of 1e20
  for (const int count : counts) { // 1800 each, standard deviation 27
    REQUIRE(std::abs(count - 1800) < 5 * 27);
  }
  for (const int count : firsts) { // 600 each, standard deviation 22
    REQUIRE(std::abs(count - 600) < 5 * 22);
  }
  REQUIRE(batches.epoch() == 0);
  // A batch depends on its number alone, whatever was drawn before it.
  Minibatches longer(5, 4, Stream(7, "subsets"), Sampling::subsets);
  Minibatches shorter(5, 3, Stream(7, "subsets"), Sampling::subsets);
  for (int b = 0; b < 20; ++b) {
    Batch four = next(longer);
    four.pop_back();
    REQUIRE(four == next(shorter));
  }
}

TEST_CASE("mini-batches: sizes without sense are refused by name") {
  const auto says = [](Index n, Index size, Sampling sampling) {
    return support::message_of<ArgumentError>([&] { Minibatches(n, size, Stream(1), sampling); });
  };
  for (const Sampling sampling :
       {Sampling::shuffled_epochs, Sampling::independent, Sampling::subsets}) {
    REQUIRE(says(0, 1, sampling) == "num_examples is 0; valid: >= 1");
    REQUIRE(support::starts_with(says(5, 0, sampling), "batch_size is 0"));
    REQUIRE(support::starts_with(says(5, -3, sampling), "batch_size is -3"));
    REQUIRE(says(5, 5, sampling) == "no error");
    REQUIRE(says(1, 1, sampling) == "no error");
  }
  REQUIRE(support::starts_with(says(5, 6, Sampling::shuffled_epochs), "batch_size is 6"));
  REQUIRE(support::starts_with(says(5, 6, Sampling::subsets), "batch_size is 6"));
  REQUIRE(says(5, 6, Sampling::independent) == "no error");
}

TEST_CASE("descend on mini-batches: each step by its own batch, whose loss is seen") {
  Targets f{10};
  const optim::Sgd<double> rule{.learning_rate = 0.1};
  Vector<double> theta = Vector<double>::Constant(1, 20.0);
  Minibatches batches(10, 4, Stream(5, "steps"));
  Minibatches again = batches;
  std::vector<double> losses;
  const auto result = optim::descend(f, theta, rule, batches, {.steps = 7},
                                     [&](const auto& p) { losses.push_back(p.loss); });
  REQUIRE(result.steps == 7);
  REQUIRE(losses.size() == 8);
  Vector<double> by_hand = Vector<double>::Constant(1, 20.0);
  Vector<double> gradient(1);
  for (std::size_t k = 0; k < 8; ++k) {
    REQUIRE(losses[k] == Targets::value_and_gradient(by_hand, again.next(), gradient));
    if (k < 7) {
      by_hand -= 0.1 * gradient;
    }
  }
  REQUIRE(theta == by_hand);
  // Batches of all examples, in any order, are the full batch.
  Minibatches whole(10, 10, Stream(6, "whole"));
  Vector<double> full = Vector<double>::Constant(1, 20.0);
  Vector<double> shuffled = full;
  (void)optim::descend(f, full, rule, {.steps = 30});
  (void)optim::descend(f, shuffled, rule, whole, {.steps = 30});
  REQUIRE(std::abs(full(0) - shuffled(0)) < 1e-13);
}
