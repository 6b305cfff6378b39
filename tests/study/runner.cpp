// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <atomic>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/outcome.hpp>
#include <gradus/study/runner.hpp>

using namespace tests;

namespace {

template <class T>
Job job_of(const typename T::Params& params = {}) {
  return make_job(make_study<T>(), "default", list_parameters(params));
}

BatchResult run_jobs(const std::vector<Job>& jobs, const Folder& folder,
                     const BatchOptions& options = {}) {
  std::ostringstream ignored;
  return run_batch(jobs, Store(folder.path()), options, ignored);
}

/// A job whose cells, of the given costs, note the order in which they start.
Job noting(std::vector<double> costs, std::vector<double>& order, std::mutex& mutex) {
  Study study = make_study<NoArms>();
  study.plan = [costs](const Parameters& p) {
    return std::vector<Study::ArmPlan>{{"a", p, {{"cost", costs}}, 1}};
  };
  study.cost = [](const Parameters&, const Point& at) { return at["cost"]; };
  study.run = [&](const Parameters&, const Point& at, const Stream&, Record&) {
    const std::lock_guard lock(mutex);
    order.push_back(at["cost"]);
  };
  return make_job(study, "default", list_parameters(NoParams{}));
}

} // namespace

TEST_CASE("cells of all jobs are computed, the longest first, and then reused", "[runner]") {
  const Folder folder;
  const std::vector<Job> jobs{job_of<Tiny>(), job_of<Uneven>(), job_of<NoCells>()};
  const BatchResult first = run_jobs(jobs, folder);
  CHECK(first.complete());
  REQUIRE(first.cells.size() == 3);
  CHECK(job_timing(first.cells[0], 1.0).cells_computed == 20);
  CHECK(job_timing(first.cells[1], 1.0).cells_computed == 4);
  CHECK(first.cells[2].empty());
  const BatchResult second = run_jobs(jobs, folder);
  CHECK(job_timing(second.cells[0], 1.0).cells_reused == 20);
  CHECK(second.cells[1][3].stored->record.divergence()->quantity == "value");
  BatchOptions forced;
  forced.force = true;
  CHECK(job_timing(run_jobs(jobs, folder, forced).cells[0], 1.0).cells_computed == 20);

  std::vector<double> order;
  std::mutex mutex;
  const Folder other;
  (void)run_jobs({noting({3, 1, 9, 4}, order, mutex)}, other);
  CHECK(order.size() == 4);
#ifdef _OPENMP
  if (omp_get_max_threads() == 1) {
    CHECK(order == std::vector<double>{9, 4, 3, 1});
  }
#endif
}

TEST_CASE("few cells run one after another and leave the threads to their loops", "[runner]") {
  const Folder folder;
  Study study = make_study<NoArms>();
  study.plan = [](const Parameters& p) { return std::vector<Study::ArmPlan>{{"a", p, {}, 1}}; };
  study.run = [](const Parameters&, const Point&, const Stream&, Record& out) {
    out.number("threads", static_cast<double>(available_threads()));
  };
  const BatchResult result =
      run_jobs({make_job(study, "default", list_parameters(NoParams{}))}, folder);
  CHECK(result.cells[0][0].stored->record.numbers()[0].second == available_threads());
}

TEST_CASE("shards share the cells and lose none", "[runner]") {
  const Folder folder;
  const std::vector<Job> jobs{job_of<Tiny>(), job_of<Uneven>()};
  Index computed = 0;
  for (Index i = 0; i < 5; ++i) {
    BatchOptions options;
    options.shard = {i, 5};
    const BatchResult part = run_jobs(jobs, folder, options);
    for (const auto& job : part.cells) {
      computed += std::count_if(job.begin(), job.end(),
                                [](const CellState& cell) { return cell.computed; });
    }
    CHECK(part.complete() == (i == 4));
  }
  CHECK(computed == 24);
}

TEST_CASE("a cell that throws does not cost those that finished", "[runner]") {
  const Folder folder;
  Throwing::Params params;
  params.what = "error";
  CHECK_THROWS_WITH(run_jobs({job_of<Throwing>(params)}, folder),
                    "throwing, arm a, seed 1: it broke");
  CHECK(snapshot(folder / "cells").size() == 1); // seed 0
  params.what = "argument";
  CHECK_THROWS_AS(run_jobs({job_of<Throwing>(params)}, folder), ArgumentError);
}

TEST_CASE("judging counts what holds and names a measurement that throws", "[runner]") {
  const Folder folder;
  const auto judged = [&](const Job& job) {
    const BatchResult batch = run_jobs({job}, folder);
    return judge_job(job, gather_results(job, batch.cells[0]));
  };
  CHECK(judged(job_of<Tiny>()).reproduced());
  CHECK(judged(job_of<Tiny>()).num_held() == 2);
  CHECK_FALSE(judged(job_of<Failing>()).reproduced());
  CHECK(judged(job_of<KnownMiss>()).reproduced());
  CHECK(judged(job_of<KnownMiss>()).num_known_misses() == 1);
  CHECK_FALSE(judged(job_of<FalseMiss>()).reproduced());
  CHECK(judged(job_of<NoArms>()).reproduced());
  CHECK(judged(job_of<Uneven>()).num_diverged == 1);
  Throwing::Params params;
  params.what = "judge";
  CHECK_THROWS_WITH(judged(job_of<Throwing>(params)), "throwing, claim one: cannot measure");
}

TEST_CASE("a run gets the stream of its seed and its study's id", "[runner]") {
  const Folder folder;
  const BatchResult batch = run_jobs({job_of<Failing>()}, folder);
  Stream stream(1, "failing");
  CHECK(batch.cells[0][1].stored->record.numbers()[0].second == stream.uniform());
}
