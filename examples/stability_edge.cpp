// SPDX-License-Identifier: BSD-3-Clause
// Gradient descent on a quadratic is stable exactly up to the learning rate 2 / lambda_max.
//
// Loss: 1/2 theta' H theta, the eigenvalues of H evenly spaced from sharpness / 2 to sharpness.
// A step with momentum,
//   theta_{t+1} = theta_t - rate H theta_t + momentum (theta_t - theta_{t-1}),
// multiplies the share of an eigenvector by the roots z of
//   z^2 - (1 + momentum - rate lambda) z + momentum = 0,
// the larger of which passes |z| = 1 at rate = (2 + 2 momentum) / lambda (Polyak 1964).
#include <algorithm>
#include <cmath>
#include <complex>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/study/study.hpp>

namespace gradus::examples {
namespace {

using namespace gradus::study;

struct StabilityEdge {
  static constexpr Card card{.id = "stability-edge",
                             .title = "The edge of stability of gradient descent",
                             .paper = "textbook; with momentum: Polyak 1964",
                             .line = "gradient descent on a quadratic is stable exactly up to the "
                                     "learning rate 2 / lambda_max"};

  struct Params {
    Index dim = 20;
    double sharpness = 4.0;
    double momentum = 0.5;
    Index steps = 1000;
    static void visit(auto&& self, auto&& field) {
      field("dim", self.dim, "number of parameters", between(1, 1e6));
      field("sharpness", self.sharpness, "largest eigenvalue of the Hessian", positive());
      field("momentum", self.momentum, "momentum of the arm that has it", from_below(0, 1));
      field("steps", self.steps, "steps of a run", between(20, 4000));
    }
  };

  static Params preset(Preset size) {
    return {.dim = size == Preset::quick ? 5 : size == Preset::paper ? 100 : 20};
  }

  /// Theory: the learning rate at the edge of stability.
  static double edge(double sharpness, double momentum) { return (2 + 2 * momentum) / sharpness; }

  /// Theory: the factor by which a step changes the distance to the minimum in the long run.
  static double growth(double sharpness, double momentum, double rate) {
    const double sum = 1 + momentum - rate * sharpness; // of the two roots
    const auto difference = std::sqrt(std::complex<double>(sum * sum - 4 * momentum));
    return std::max(std::abs(sum + difference), std::abs(sum - difference)) / 2;
  }

  /// What the recorded numbers mean.
  static std::vector<Metric> metrics() {
    return {
        {"growth", "factor by which a step changes the distance to the minimum in the long run"},
        {"growth_error", "measured minus predicted factor"}};
  }

  /// What theory says of them.
  static double theory(const Params& p, const Point& at, std::string_view number) {
    return number == "growth" ? growth(p.sharpness, p.momentum, at["rate"]) : std::nan("");
  }

  static Plan<Params> plan(const Params& p) {
    const auto near = [](double rate) { return linspace(0.98 * rate, 1.02 * rate, 10); };
    const auto rates = near(edge(p.sharpness, 0.0));
    return {arm("plain", p).with(&Params::momentum, 0.0).grid("rate", rates).seeds(5),
            arm("momentum", p).grid("rate", near(edge(p.sharpness, p.momentum))).seeds(5),
            arm("control-half-sharpness", p)
                .with(&Params::momentum, 0.0)
                .with(&Params::sharpness, p.sharpness / 2)
                .grid("rate", rates)
                .seeds(5)};
  }

  /// One cell: descend from a random point, and measure by what factor a step of the second half
  /// changed the distance to the minimum.
  static void run(const Params& p, const Point& at, Stream stream, Record& out) {
    objective::Quadratic<double> loss(
        Vector<double>::LinSpaced(p.dim, p.sharpness / 2, p.sharpness));
    Vector<double> theta(p.dim);
    fill_normal(stream, theta);
    Axis steps{"step", {}};
    std::vector<double> distance;
    const auto end = optim::descend(
        loss, theta, optim::Momentum<double>{.learning_rate = at["rate"], .momentum = p.momentum},
        {.steps = p.steps}, [&](const auto& now) {
          steps.at.push_back(static_cast<double>(now.step));
          distance.push_back(now.theta.stableNorm());
        });
    if (end.status == optim::Status::diverged) {
      out.diverged(static_cast<double>(end.steps), end.diverged);
      return;
    }
    const Index half = p.steps / 2;
    const double measured = std::pow(distance.back() / distance[static_cast<std::size_t>(half)],
                                     1.0 / static_cast<double>(p.steps - half));
    out.number("growth", measured);
    out.number("growth_error", measured - growth(p.sharpness, p.momentum, at["rate"]));
    out.series("distance", std::move(steps), std::move(distance));
  }

  /// For each seed, the rate at which the measured growth passes 1, in units of `unit`.
  static std::vector<double> edges(const ArmResults& arm, double unit) {
    const std::vector<double> rates = arm.coordinates("rate");
    const std::vector<double> growths = arm.numbers("growth"); // rate by rate, seeds in order
    const std::size_t seeds = rates.empty() ? 0 : growths.size() / rates.size();
    std::vector<double> result(seeds, std::nan(""));
    for (std::size_t i = 0; i + seeds < growths.size(); ++i) {
      if (growths[i] < 1 && growths[i + seeds] >= 1) {
        const double share = (1 - growths[i]) / (growths[i + seeds] - growths[i]);
        const double rate = rates[i / seeds];
        result[i % seeds] = (rate + share * (rates[i / seeds + 1] - rate)) / unit;
      }
    }
    return result;
  }

  static void judge(const Params& p, const Results& r, Claims& claims) {
    claims.expect("edge", "plain descent grows from rate 2 / lambda_max on (in that unit)")
        .source("eigenvalues of I - rate H")
        .measured([=, &r] { return each(edges(r["plain"], edge(p.sharpness, 0.0))); })
        .within(1.0, 1e-3);
    claims.expect("edge-momentum", "with momentum: from (2 + 2 momentum) / lambda_max on")
        .source("Polyak 1964")
        .measured([=, &r] { return each(edges(r["momentum"], edge(p.sharpness, p.momentum))); })
        .within(1.0, 1e-3);
    claims.expect("growth", "growth per step minus |1 - rate lambda_max|, plain")
        .source("eigenvalues of I - rate H")
        .measured([&r] { return each(r["plain"].numbers("growth_error")); })
        .within(0.0, 1e-3);
    claims.expect("control-half-sharpness", "half the sharpness: no growth at the same rates")
        .source("eigenvalues of I - rate H")
        .measured([&r] { return each(r["control-half-sharpness"].numbers("growth")); })
        .at_most(0.9)
        .control();
  }

  static void draw(const Params& p, const Results& r, Figures& figures) {
    auto& figure = figures.figure("edge", "Growth of the distance to the minimum per step around "
                                          "the predicted edge of stability.");
    for (const auto& [name, momentum] : {std::pair("plain", 0.0), {"momentum", p.momentum}}) {
      std::vector<double> ratios, measured, theory;
      for (const double rate : r[name].coordinates("rate")) {
        ratios.push_back(rate / edge(p.sharpness, momentum));
        measured.push_back(mean_of(r[name].where("rate", rate).numbers("growth")).value);
        theory.push_back(growth(p.sharpness, momentum, rate));
      }
      figure.panel(name)
          .x_axis("learning rate / predicted edge")
          .y_axis("growth per step")
          .points("measured", ratios, measured)
          .line("theory", ratios, theory, {.color = 1, .dashed = true})
          .vertical("", 1.0)
          .horizontal("", 1.0);
    }
  }
};

} // namespace

study::Study stability_edge() { return study::make_study<StabilityEdge>(); }

} // namespace gradus::examples
