// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "features.hpp"
#include "setting.hpp"
#include <gradus/core/xtensor.hpp>
#include <gradus/metrics/prominence.hpp>
#include <gradus/study/number_text.hpp>
#include <gradus/study/results.hpp>
#include <gradus/study/summary.hpp>

/// From recorded grids (draw x what was varied x N/n) to curves over N/n.
namespace gradus::examples::double_descent {

/// Medians over the draws of a table that every cell of an arm recorded, varied x N/n; NaN where a
/// draw is.
inline std::vector<std::vector<double>> medians(const ArmResults& arm, const std::string& name) {
  const auto draws = arm.series(name);
  const std::size_t columns = arm.axis(name, 1).size();
  const std::size_t rows = arm.axis(name, 0).size();
  xt::xarray<double> grid = xt::xarray<double>::from_shape({rows, columns, draws.size()});
  grid.fill(std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < draws.size(); ++k) {
    if (draws[k].size() == rows * columns) {
      xt::view(grid, xt::all(), xt::all(), k) =
          xt::adapt(draws[k], std::vector<std::size_t>{rows, columns});
    }
  }
  std::vector<std::vector<double>> result(rows, std::vector<double>(columns));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const auto cell = xt::view(grid, i, j, xt::all());
      result[i][j] = quantile({cell.begin(), cell.end()}, 0.5);
    }
  }
  return result;
}

/// One setting of the optimizer or the model: medians over the draws along N/n.
struct Curve {
  std::string factor;        ///< what was varied
  std::string label;         ///< and its value
  std::vector<double> ratio; ///< N/n
  std::vector<double> test;  ///< error on the noiseless target
  std::vector<double> train; ///< mean squared residual
  double noise = 0;          ///< variance of the labels' noise

  /// The value at N/n.
  [[nodiscard]] double at(const std::vector<double>& values, double where) const {
    for (std::size_t r = 0; r < ratio.size(); ++r) {
      if (ratio[r] == where) {
        return values[r];
      }
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
  /// The largest test error around N = n over the larger one at n/2 and 4n.
  [[nodiscard]] double prominence() const {
    return metrics::prominence(ratio, test, {0.9, 1, 1.1}, {0.5, 4});
  }
  /// Training error at N = n in units of the noise.
  [[nodiscard]] double loss() const { return at(train, 1) / noise; }
};

/// The curves of an arm's grid.
inline std::vector<Curve> curves(const Params& p, const ArmResults& arm, const std::string& grid,
                                 const std::string& factor, const std::string& prefix) {
  std::vector<Curve> result;
  if (arm.axis("test_" + grid).empty()) {
    return result;
  }
  const auto varied = arm.axis("test_" + grid, 0);
  const auto test = medians(arm, "test_" + grid);
  const auto train = medians(arm, "train_" + grid);
  for (std::size_t k = 0; k < varied.size(); ++k) {
    const std::string label =
        grid == "end" ? prefix + "to the end" : prefix + number_text(varied[k]);
    result.push_back({factor, label, p.ratios(), test[k], train[k], p.noise * p.noise});
  }
  return result;
}

/// All settings of the random-features model, factor by factor.
class Settings {
public:
  Settings(const Params& p, const Results& r) {
    const auto add = [&](const ArmResults& arm, const char* grid, const char* factor,
                         const std::string& prefix) {
      for (Curve& curve : curves(p, arm, grid, factor, prefix)) {
        list_.push_back(std::move(curve));
      }
    };
    const ArmResults relu = r["relu"];
    add(relu, "descent", "steps", "T = ");
    add(relu, "end", "steps", "");
    add(relu, "rate", "rate", "rate L = ");
    add(relu, "momentum", "momentum", "momentum ");
    add(relu, "adam", "Adam", "Adam, T = ");
    add(relu, "conjugate_gradient", "CG", "CG, T = ");
    for (const double batch : r["minibatches"].size() > 0 ? r["minibatches"].coordinates("batch")
                                                          : std::vector<double>{}) {
      add(r["minibatches"].where("batch", batch), "minibatches", "batch", "batch ");
    }
    add(relu, "start", "start", "start's scale ");
    add(relu, "ridge", "ridge", "ridge ");
    if (r["centred"].size() > 0) {
      add(r["centred"], "descent", "centred", "centred, T = ");
      add(r["centred"], "end", "centred", "centred, ");
    }
    for (const double scale : r["tanh"].coordinates("scale")) {
      const std::string name = "tanh " + number_text(scale);
      add(r["tanh"].where("scale", scale), "descent", "scale", name + ", T = ");
      add(r["tanh"].where("scale", scale), "end", "scale", name + ", ");
    }
    for (const double normed :
         r["columns"].size() > 0 ? r["columns"].coordinates("normed") : std::vector<double>{}) {
      const std::string name = normed == 1 ? "normed" : "scaled";
      add(r["columns"].where("normed", normed), "descent", "columns", name + ", T = ");
      add(r["columns"].where("normed", normed), "end", "columns", name + ", ");
    }
  }

  /// Every setting.
  [[nodiscard]] const std::vector<Curve>& list() const& { return list_; }
  /// The same of a temporary, whose list would not outlive it.
  [[nodiscard]] std::vector<Curve> list() && { return std::move(list_); }
  /// The one of that label. @throws ArgumentError if there is none
  [[nodiscard]] const Curve& operator[](const std::string& label) const {
    for (const Curve& curve : list_) {
      if (curve.label == label) {
        return curve;
      }
    }
    throw ArgumentError("setting", label, "one that was run");
  }
  /// The settings of a factor, as they are drawn.
  [[nodiscard]] std::vector<Curve> of(const std::string& factor) const {
    std::vector<Curve> chosen;
    std::copy_if(list_.begin(), list_.end(), std::back_inserter(chosen),
                 [&](const Curve& curve) { return curve.factor == factor; });
    return chosen;
  }

private:
  std::vector<Curve> list_;
};

/// Median over draws of a recorded series along its axis.
inline std::vector<double> median_series(const ArmResults& arm, const char* name) {
  return quantile_across(arm.series(name), 0.5);
}

/// Medians over draws of a number of the network's cells, along the widths.
inline std::vector<double> network_curve(const Params& p, const ArmResults& net,
                                         const std::string& name) {
  std::vector<double> result;
  for (const double width : p.widths()) {
    result.push_back(quantile(net.where("width", width).numbers(name), 0.5));
  }
  return result;
}

/// Prominence of the network's curve: widths 0.8 to 1.5 of the threshold against 0.4 and 4.
inline double network_prominence(const Params& p, const std::vector<double>& test) {
  const auto at = [&](double share) {
    return std::round(share * static_cast<double>(p.threshold()));
  };
  std::vector<double> near{at(0.8), at(1), at(1.2)};
  if (p.full) {
    near.push_back(at(1.5));
  }
  return metrics::prominence(p.widths(), test, near, {at(0.4), at(4)});
}

/// The width at which a curve is largest, over the threshold.
inline double peak_share(const Params& p, const std::vector<double>& curve) {
  const auto widths = p.widths();
  const auto place = std::max_element(curve.begin(), curve.end()) - curve.begin();
  return widths[static_cast<std::size_t>(place)] / static_cast<double>(p.threshold());
}

} // namespace gradus::examples::double_descent
