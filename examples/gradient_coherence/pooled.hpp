// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gradus/metrics/ratio_of_means.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

namespace gradus::examples::agreement {

using namespace gradus::study;

/// A ratio of means over the data sets of all cells of an arm; empty where a cell lacks it.
inline metrics::RatioOfMeans pooled(const ArmResults& arm, const std::string& name) {
  metrics::RatioOfMeans all;
  for (const std::vector<double>& row : arm.series(name)) {
    if (row.size() != 6) {
      return {};
    }
    all.merge(metrics::RatioOfMeans({row[0], row[1], row[2], row[3], row[4], row[5]}));
  }
  return all;
}

/// What such a ratio should be; NaN without cells.
inline double law_of(const ArmResults& arm, const std::string& name) {
  const std::vector<double> laws = arm.numbers(name + "_law");
  return laws.empty() ? std::numeric_limits<double>::quiet_NaN() : laws.front();
}

/// |z| of a pooled ratio against its law.
inline double z_of(const ArmResults& arm, const std::string& name) {
  return std::abs(pooled(arm, name).z_score(law_of(arm, name)));
}

/// Absolute values.
inline std::vector<double> sizes_of(std::vector<double> values) {
  for (double& x : values) {
    x = std::abs(x);
  }
  return values;
}

} // namespace gradus::examples::agreement
