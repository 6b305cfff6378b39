// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include "figures.hpp"
#include <gradus/nn/surrogate_schedule.hpp>
#include <gradus/study/number_text.hpp>

namespace gradus::examples::binary {

namespace {

template <class S>
void add_shape(Panel& value, Panel& slope, const std::string& label, const S& f, int color) {
  const std::vector<double> z = linspace(-2, 2, 401);
  std::vector<double> values, slopes;
  for (const double x : z) {
    values.push_back(f.value(x));
    slopes.push_back(f.derivative(x));
  }
  value.line(label, z, values, {.color = color, .width = 1.5});
  slope.line(label, z, slopes, {.color = color, .width = 1.5});
}

} // namespace

void draw_shapes(Figures& figures) {
  auto& figure = figures.figure("shapes", "Surrogates of the sign and the derivatives that stand "
                                          "for its own; middle of a run for EDE and DSQ.");
  auto& reste = figure.panel("ReSTE: f");
  auto& reste_slope = figure.panel("ReSTE: f'");
  auto& rest = figure.panel("the others: f");
  auto& rest_slope = figure.panel("the others: f'");
  for (Panel* panel : {&reste, &rest}) {
    panel->x_axis("z").y_axis("f(z)").y_limits(-1.6, 1.6).legend_at("top left");
  }
  reste_slope.x_axis("z").x_limits(-2, 2).y_axis("f'(z), 0 beyond 1.5", true).legend_at("top left");
  rest_slope.x_axis("z").y_axis("f'(z)").legend_at("top left");
  int color = 0;
  for (const double order : {1.0, 2.0, 3.0, 5.0, 10.0}) {
    add_shape(reste, reste_slope, "o = " + number_text(order), nn::RectifiedStraightThrough(order),
              color++);
  }
  add_shape(rest, rest_slope, "STE", nn::StraightThrough(), 0);
  add_shape(rest, rest_slope, "EDE", nn::GeometricSteepness().at(0.5), 1);
  add_shape(rest, rest_slope, "DSQ-like", nn::GeometricGap().at(0.5), 2);
}

} // namespace gradus::examples::binary
