// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "study/fake_studies.hpp"
#include <gradus/study/sweep_figures.hpp>
#include <gradus/study/sweep_files.hpp>
#include <gradus/study/sweep_table.hpp>

// Of its own, since tests compile several files at a time.
namespace tests::sweep_table_cases {

using namespace gradus;
using namespace gradus::study;

namespace {

/// A number that tells where it comes from; some cells diverge, some have no value.
struct Known : tests::Plain {
  static constexpr Card card{"known", "Known numbers", "nobody", "adds"};
  struct Params {
    Index a = 1;
    double b = 1.0;
    std::string word = "plain";
    static void visit(auto&& self, auto&& field) {
      field("a", self.a, "a count", between(0, 9));
      field("b", self.b, "a size", positive(), "m");
      field("word", self.word, "a word", one_of({"plain", "never", "nan", "inf"}));
    }
  };
  static Params preset(Preset) { return {}; }
  static Plan<Params> plan(const Params& p) {
    return {arm("sum", p).seeds(3), arm("own", p).grid("x", {p.b, 2 * p.b}).seeds(1)};
  }
  static double theory(const Params& p, const Point&, std::string_view number) {
    return number == "sum" ? static_cast<double>(p.a) + 100 * p.b : std::nan("");
  }
  static void run(const Params& p, const Point& at, Stream, Record& out) {
    const auto seed = static_cast<double>(at.seed());
    if (at.arm() == "own") {
      out.number("x", at["x"]);
      out.number("time", 0.0);
      return;
    }
    if (p.a == 7 && at.seed() > 0) {
      out.number("sum", 1e300);
      out.diverged(3, "loss");
      return;
    }
    out.number("sum", static_cast<double>(p.a) + 100 * p.b + 0.1 * seed);
    if (p.word == "nan" || p.word == "inf") {
      out.number("ratio", p.word == "nan" ? std::nan("") : std::numeric_limits<double>::infinity());
    }
    if (p.word == "never" && at.seed() > 0) {
      out.never("time");
    } else {
      out.number("time", seed);
    }
  }
  static void judge(const Params&, const Results&, Claims&) {}
  static void draw(const Params&, const Results&, Figures&) {}
};

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }

struct Swept {
  SweepPlan plan;
  std::vector<CellState> states;
};

Swept sweep(const std::vector<std::string>& grids, const std::string& arm = "sum") {
  const Study study = make_study<Known>();
  const Parameters parameters = study.preset(Preset::standard);
  Swept swept{
      make_sweep(study, "default", parameters, parse_grids(grids, parameters, "known"), arm), {}};
  for (const Cell& cell : swept.plan.job.cells) {
    swept.states.push_back({study::detail::compute_cell(study, cell), true});
  }
  return swept;
}

SweepTable table(const Swept& swept, const std::string& number) {
  return tabulate(swept.plan, {0, number}, swept.states);
}

std::string refused(const Swept& swept, const std::vector<std::string>& asked) {
  try {
    static_cast<void>(choose_metrics(asked, swept.plan, found_metrics(swept.plan, swept.states)));
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("a table has an axis for each of the grid's and one for the seed", "[sweep]") {
  const Swept swept = sweep({"a=1:3:3", "b=1,10"});
  const SweepTable sum = table(swept, "sum");
  CHECK(sum.name == "sum.sum");
  REQUIRE(sum.axes.size() == 2);
  CHECK(sum.axes[1].unit == "m");
  CHECK(sum.values.shape()[0] == 3);
  CHECK(sum.values.shape()[1] == 2);
  CHECK(sum.values.shape()[2] == 3);
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 2; ++b) {
      const double base = static_cast<double>(a + 1) + (b == 0 ? 100 : 1000);
      for (std::size_t s = 0; s < 3; ++s) {
        CHECK(sum.values(a, b, s) == base + 0.1 * static_cast<double>(s));
      }
      CHECK(near(sum.statistics(a, b, 0), base + 0.1)); // mean
      CHECK(sum.statistics(a, b, 1) == base + 0.1);     // median
      CHECK(near(sum.statistics(a, b, 2), 0.1));        // spread
      CHECK(sum.statistics(a, b, 3) == 3);              // count
      CHECK(sum.statistics(a, b, 4) == 0);              // diverged
      CHECK(sum.statistics(a, b, 5) == 0);              // missing
    }
  }
}

TEST_CASE("diverged cells are counted, never averaged", "[sweep]") {
  const SweepTable sum = table(sweep({"a=6,7"}), "sum");
  CHECK(sum.values(1, 1) == 1e300);
  CHECK(near(sum.statistics(1, 0), 107.0));
  CHECK(std::isnan(sum.statistics(1, 2)));
  CHECK(sum.statistics(1, 3) == 1);
  CHECK(sum.statistics(1, 4) == 2);
  const SweepTable time = table(sweep({"a=6,7"}), "time");
  CHECK(std::isnan(time.values(1, 1)));
  CHECK(time.statistics(1, 4) == 2);
}

TEST_CASE("what was never reached counts in the median alone", "[sweep]") {
  const SweepTable time = table(sweep({"word=plain,never,nan"}), "time");
  CHECK(time.axes[0].labels == std::vector<std::string>{"plain", "never", "nan"});
  CHECK(time.statistics(0, 1) == 1);
  CHECK(time.statistics(1, 0) == 0);
  CHECK(std::isinf(time.statistics(1, 1)));
  CHECK(time.statistics(1, 3) == 1);
  CHECK(time.statistics(1, 4) == 0);
  // A number without a value does not take the others of its cell along.
  CHECK(time.statistics(2, 3) == 3);
  const SweepTable ratio = table(sweep({"word=plain,nan,inf"}), "ratio");
  CHECK(ratio.statistics(0, 5) == 3);
  CHECK(ratio.statistics(1, 4) == 3);
  CHECK(std::isnan(ratio.statistics(1, 0)));
  CHECK(ratio.statistics(2, 4) == 3); // infinite, but not for being late
  CHECK(std::isnan(ratio.statistics(2, 1)));
}

TEST_CASE("cells that are not stored are missing", "[sweep]") {
  Swept swept = sweep({"a=1,2"});
  swept.states[1].stored.reset();
  const SweepTable sum = table(swept, "sum");
  CHECK(std::isnan(sum.values(0, 1)));
  CHECK(sum.statistics(0, 3) == 2);
  CHECK(sum.statistics(0, 5) == 1);
}

TEST_CASE("an arm's own grid adds its axes", "[sweep]") {
  const Swept swept = sweep({"b=1,3", "a=1,2"}, "own");
  CHECK(swept.plan.arms[0].axes_move);
  const SweepTable x = tabulate(swept.plan, {0, "x"}, swept.states);
  REQUIRE(x.axes.size() == 3);
  CHECK(x.axes[2].moves);
  CHECK(x.values(0, 1, 0, 0) == 1);
  CHECK(x.values(1, 0, 1, 0) == 6);
  CHECK(values_csv(swept.plan, {&x}).starts_with("arm,b,a,x,seed,metric,value\nown,1,1,1,0,x,1\n"));
  CHECK(values_csv(swept.plan, {&x}).ends_with("own,3,2,6,0,x,6\n"));
}

TEST_CASE("metrics are named by arm and number, or by number in every arm that has it", "[sweep]") {
  const Swept all = sweep({"a=1,2"}, "");
  const auto known = found_metrics(all.plan, all.states);
  REQUIRE(known.size() == 4);
  const auto chosen = [&](const std::vector<std::string>& asked) {
    std::vector<std::string> names;
    for (const SweepMetric& metric : choose_metrics(asked, all.plan, known)) {
      names.push_back(all.plan.arms[metric.arm].name + "." + metric.number);
    }
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(chosen({}).size() == 4);
  CHECK(chosen({"sum"}) == Names{"sum.sum"});
  CHECK(chosen({"own.x", "x", "sum.time"}) == Names{"own.x", "sum.time"});
  CHECK(chosen({"time"}) == Names{"sum.time", "own.time"});
  CHECK(refused(all, {"tim"}) == "--metric is tim; valid: sum.sum, sum.time, own.x, own.time");
  CHECK(refused(sweep({"a=1,2"}), {"tim"}) ==
        "--metric is tim; valid: sum, time; did you mean time?");
}

TEST_CASE("tables load by their index, and CSV has every bit", "[sweep]") {
  const tests::Folder folder;
  const Swept swept = sweep({"a=1,7", "b=0.1:0.3:3"});
  const Json index = write_tables(swept.plan, {table(swept, "sum")}, folder / "tables");
  const Json& entry = index[0];
  CHECK(entry["values"]["shape"] == Json{2, 3, 3});
  CHECK(entry["values"]["axes"][1]["name"] == "b");
  CHECK(entry["values"]["axes"][1]["at"] == Json{0.1, 0.2, 0.3});
  CHECK(entry["values"]["axes"][2]["name"] == "seed");
  CHECK(entry["statistics"]["axes"][2]["at"][4] == "diverged");
  std::istringstream file(
      tests::slurp(folder / "tables" / entry["values"]["file"].get<std::string>()));
  const auto loaded = xt::load_npy<double>(file);
  CHECK((loaded == table(swept, "sum").values));
  const std::string csv = tests::slurp(folder / "tables" / "sum.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 3 * 3);
  CHECK(csv.find("\nsum,1,0.2,2,sum,21.2\n") != std::string::npos);
  const std::string statistics = tests::slurp(folder / "tables" / "sum.statistics.csv");
  CHECK(statistics.starts_with("arm,a,b,metric,mean,median,spread,count,diverged,missing\n"));
  CHECK(statistics.find("\nsum,7,0.1,sum,17,17,nan,1,2,0\n") != std::string::npos);
}

TEST_CASE("the figure follows the number of axes", "[sweep]") {
  const auto figure = [](const std::vector<std::string>& grids) {
    Figures figures;
    draw_sweep(table(sweep(grids), "sum"), {"sum", "The sum"}, figures);
    REQUIRE(figures.list().size() == 1);
    return figures.list().front();
  };
  const auto count = [](const Panel& panel, Layer::Kind kind) {
    return std::count_if(panel.layers.begin(), panel.layers.end(),
                         [&](const Layer& layer) { return layer.kind == kind; });
  };
  const Figure line = figure({"b=1:100:5,log"});
  REQUIRE(line.panels.size() == 1);
  CHECK(line.panels[0].log_x);
  CHECK(line.panels[0].x_label == "b: a size [m]");
  CHECK(count(line.panels[0], Layer::Kind::line) == 1);
  CHECK(count(line.panels[0], Layer::Kind::band) == 1);
  CHECK(count(figure({"b=1:9:5", "word=plain,nan"}).panels[0], Layer::Kind::line) == 2);
  CHECK(count(figure({"word=plain,nan"}).panels[0], Layer::Kind::line) == 1);

  const Figure map = figure({"a=1:3:3", "b=1:100:2,log"});
  REQUIRE(map.panels.size() == 1);
  const Layer& cells = map.panels[0].layers[0];
  CHECK(cells.kind == Layer::Kind::heatmap);
  CHECK(cells.x == std::vector<double>{1, 2, 3});
  CHECK(near(cells.z[1], 102.1)); // row by row: the first axis to the right
  CHECK(near(cells.z[3], 10001.1));
  CHECK(map.panels[0].log_y);
  CHECK_FALSE(map.panels[0].log_x);
  const Figure panels = figure({"a=1:3:3", "b=1,2", "word=plain,never,nan"});
  CHECK(panels.panels.size() == 3);
  CHECK(panels.panels[2].title == "word nan");
  CHECK(figure({"a=6,7"}).caption.find("2 diverged cells are left out") != std::string::npos);
  Figures times;
  draw_sweep(table(sweep({"word=plain,never"}), "time"), {"time", "The time"}, times);
  CHECK(times.list().front().caption.find("2 cells that never got there") != std::string::npos);
}

TEST_CASE("theory is drawn where the study has one", "[sweep]") {
  const Swept swept = sweep({"b=1:9:5"});
  const auto lines = [&](const std::string& number) {
    const SweepTable drawn = table(swept, number);
    Figures figures;
    draw_sweep(drawn,
               {number, number,
                [&](std::size_t point) {
                  const study::Cell& cell =
                      *study::detail::cells_at(swept.plan, drawn, point).front();
                  return swept.plan.job.study.theory(*cell.parameters, cell.point, number);
                }},
               figures);
    std::vector<std::vector<double>> found;
    for (const Layer& layer : figures.list().front().panels.front().layers) {
      if (layer.kind == Layer::Kind::line) {
        found.push_back(layer.y);
      }
    }
    return found;
  };
  REQUIRE(lines("sum").size() == 2);
  CHECK(lines("sum")[1] == std::vector<double>{101, 301, 501, 701, 901});
  CHECK(lines("time").size() == 1);
  CHECK_FALSE(make_study<tests::Tiny>().theory);
}

TEST_CASE("the line of a transition is drawn over one axis and over two", "[sweep]") {
  const auto drawn = [](const std::vector<std::string>& grids, double at) {
    const Swept swept = sweep(grids);
    const SweepTable sum = table(swept, "sum");
    SweepLook look{.label = "sum", .caption = "The sum", .boundary_label = "b = a constant"};
    look.boundary = [&, at](std::size_t point) {
      const std::size_t b = sum.axes.size() - 1;
      return std::log(sum.axes[b].at[point % sum.axes[b].at.size()] / at);
    };
    Figures figures;
    draw_sweep(sum, look, figures);
    return figures.list().front().panels.front();
  };
  const auto of_kind = [](const Panel& panel, Layer::Kind kind) {
    std::vector<Layer> layers;
    std::copy_if(panel.layers.begin(), panel.layers.end(), std::back_inserter(layers),
                 [&](const Layer& layer) { return layer.kind == kind; });
    return layers;
  };
  const auto lines = of_kind(drawn({"b=1:100:5,log"}, 30.0), Layer::Kind::vertical);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].label == "b = a constant");
  CHECK(near(lines[0].x[0], 30.0));
  CHECK(of_kind(drawn({"b=1:100:5,log"}, 300.0), Layer::Kind::vertical).empty());
  const auto contours = of_kind(drawn({"a=1:3:3", "b=1:100:5,log"}, 30.0), Layer::Kind::line);
  REQUIRE(contours.size() == 1);
  CHECK(contours[0].style.dashed);
  for (const double y : contours[0].y) {
    CHECK(near(y, 30.0));
  }
}

TEST_CASE("a metric that no arm has is refused before the first cell", "[sweep]") {
  const SweepPlan both = sweep({"a=1,2"}, "").plan;
  const SweepPlan sum = sweep({"a=1,2"}, "sum").plan;
  const std::vector<Metric> declared{{"sum", "of both"}, {"own.x", "the coordinate"}, {"t*", "t"}};
  const auto refusal = [&](const std::string& word, const SweepPlan& plan) {
    try {
      require_declared({word}, plan, declared);
    } catch (const ArgumentError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  for (const char* word : {"sum", "own.x", "x", "time", "sum.time", "own.sum"}) {
    CHECK(refusal(word, both) == "accepted");
  }
  CHECK(refusal("smu", both) == "--metric is smu; valid: sum, own.x, t*; did you mean sum?");
  CHECK(refusal("own.x", sum) == "--metric is own.x; valid: sum, t*");
  CHECK_NOTHROW(require_declared({"anything"}, both, {}));
}

TEST_CASE("a star in a metric's name stands for any characters", "[sweep]") {
  const std::vector<Metric> metrics{{"test_*", "error of the rule"}, {"*_last", "at the end"}};
  CHECK(find_metric(metrics, "a", "test_adam")->meaning == "error of the rule");
  CHECK(find_metric(metrics, "a", "test_last")->meaning == "error of the rule");
  CHECK(find_metric(metrics, "a", "train_last")->meaning == "at the end");
  CHECK(find_metric(metrics, "a", "test") == nullptr);
  CHECK(find_metric({{"a.*_x", "in a"}}, "a", "some_x") != nullptr);
  CHECK(find_metric({{"a.*_x", "in a"}}, "b", "some_x") == nullptr);
}

TEST_CASE("an entry of an arm goes before a general one", "[sweep]") {
  const std::vector<Metric> metrics{{"loss", "any"}, {"main.loss", "of main", "nats"}};
  CHECK(find_metric(metrics, "main", "loss")->meaning == "of main");
  CHECK(find_metric(metrics, "other", "loss")->meaning == "any");
  CHECK(find_metric(metrics, "other", "error") == nullptr);
}

} // namespace tests::sweep_table_cases
