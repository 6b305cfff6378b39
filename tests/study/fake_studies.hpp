// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gradus/core/distributions.hpp>
#include <gradus/study/study.hpp>

// Studies without science, each for one corner of the harness.

namespace tests {

using namespace gradus;
using namespace gradus::study;

/// Every kind of parameter, two arms, a grid over a parameter and one over a mere coordinate.
struct Tiny {
  static constexpr Card card{"tiny", "A tiny study", "nobody", "nothing happens, quickly", 3};
  struct Params {
    Index count = 4;
    double scale = 1.0;
    bool flag = false;
    std::string shape = "round";
    Index low = 0;
    Index high = 1;
    static void visit(auto&& self, auto&& field) {
      field("count", self.count, "how many", between(1, 100), "pieces");
      field("scale", self.scale, "how large", positive());
      field("flag", self.flag, "whether", yes_or_no());
      field("shape", self.shape, "which", one_of({"round", "square"}));
      field("low", self.low, "lower end", any_number());
      field("high", self.high, "upper end", any_number());
    }
  };
  static Params preset(Preset size) { return {.count = size == Preset::quick ? 2 : 4}; }
  static void validate(const Params& p) { require(p.low <= p.high, "low", p.low, "<= high"); }
  static Plan<Params> plan(const Params& p) {
    return {arm("main", p).grid("scale", {1.0, 2.0}).grid("x", {0.5, 1.5, 2.5}).seeds(3),
            arm("control-flag", p).with(&Params::flag, true).seeds(2)};
  }
  static double cost(const Params&, const Point& at) { return at.arm() == "main" ? 10.0 : 1.0; }
  static void run(const Params& p, const Point& at, Stream stream, Record& out) {
    const double x = at.coordinates().empty() ? 0.0 : at["x"];
    std::vector<double> values(static_cast<std::size_t>(p.count));
    for (double& value : values) {
      value = p.scale * normal(stream) + x;
    }
    out.number("first", values.front());
    out.number("scale", p.flag ? 0.0 : p.scale);
    out.series("values", {"position", linspace(0, 1, p.count), "m"}, values);
  }
  static void judge(const Params&, const Results& r, Claims& claims) {
    claims.expect("scale", "the scale is what it was set to")
        .source("made up")
        .measured([&r] { return mean_of(r["main"].numbers("scale")); })
        .in(1.0, 2.0);
    claims.expect("control", "the flag removes it")
        .source("made up")
        .measured([&r] { return max_of(r["control-flag"].numbers("scale")); })
        .at_most(0.0)
        .control();
  }
  static void draw(const Params&, const Results& r, Figures& figures) {
    figures.figure("picture", "Nothing.")
        .panel("values")
        .line("values", {0, 1}, {0, static_cast<double>(r.cells().size())});
  }
};

/// Nothing but a list of settings for the studies below.
struct NoParams {
  Index unused = 0;
  static void visit(auto&& self, auto&& field) {
    field("unused", self.unused, "nothing", any_number());
  }
};

/// The members that most fake studies share.
struct Plain {
  using Params = NoParams;
  static Params preset(Preset) { return {}; }
  static Plan<Params> plan(const Params& p) { return {arm("a", p).seeds(2)}; }
  static void run(const Params&, const Point&, Stream stream, Record& out) {
    out.number("u", stream.uniform());
  }
  static void judge(const Params&, const Results&, Claims&) {}
  static void draw(const Params&, const Results&, Figures&) {}
};

/// Many cells of a few milliseconds and uneven cost: a batch to be interrupted.
struct Slow : Plain {
  static constexpr Card card{"slow", "A slow study", "nobody", "sleeps"};
  static Plan<Params> plan(const Params& p) {
    return {arm("a", p).grid("x", linspace(0, 4, 5)).seeds(8), arm("b", p).seeds(8)};
  }
  static double cost(const Params&, const Point& at) { return at.arm() == "a" ? 1 + at["x"] : 2.0; }
  static void run(const Params&, const Point& at, Stream stream, Record& out) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2 + at.index()));
    std::vector<double> values(1000);
    fill_normal(stream, std::span(values));
    out.number("first", values[0] + static_cast<double>(at.index()));
    out.series("values", {"position", linspace(0, 1, 1000)}, values);
  }
  static void judge(const Params&, const Results& r, Claims& claims) {
    claims.expect("all", "every cell is there")
        .measured([&r] { return Summary(static_cast<double>(r.cells().size())); })
        .equals(48);
  }
};

/// Series of unequal lengths, one missing, numbers that are not finite.
struct Uneven : Plain {
  static constexpr Card card{"uneven", "Holes", "nobody", "some cells diverge"};
  static std::vector<Metric> metrics() { return {{"value", "the seed itself", "pieces"}}; }
  static Plan<Params> plan(const Params& p) { return {arm("a", p).seeds(4)}; }
  static void run(const Params&, const Point& at, Stream, Record& out) {
    const auto seed = static_cast<Index>(at.seed());
    out.number("value", seed == 3 ? std::nan("") : static_cast<double>(seed));
    out.time("when", seed < 2 ? std::optional<double>(7.0) : std::nullopt);
    if (seed == 3) {
      out.diverged(12, "loss");
      return;
    }
    const std::vector<double> steps = linspace(0, static_cast<double>(seed), seed + 1);
    out.series("short", {"step", steps}, steps);
    out.table("square", {{"row", steps}, {"column", {10, 20}}},
              std::vector<double>(steps.size() * 2, static_cast<double>(seed)));
    out.series("moving", {"time", {0.5 * static_cast<double>(seed), 9}, "s"}, {1, 2});
  }
  static void judge(const Params&, const Results& r, Claims& claims) {
    claims.expect("finite", "no value is lost")
        .measured([&r] { return mean_of(r["a"].numbers("value")); })
        .at_most(100.0);
  }
};

struct Failing : Plain {
  static constexpr Card card{"failing", "A claim that fails", "nobody", "fails"};
  static void judge(const Params&, const Results&, Claims& claims) {
    claims.expect("one", "one is two")
        .source("nowhere")
        .measured([] { return Summary(1.0); })
        .equals(2.0);
  }
};

struct KnownMiss : Plain {
  static constexpr Card card{"known-miss", "A known miss", "nobody", "misses"};
  static void judge(const Params&, const Results&, Claims& claims) {
    claims.expect("one", "one is one").measured([] { return Summary(1.0); }).equals(1.0);
    claims.expect("two", "one is two")
        .measured([] { return Summary(1.0); })
        .equals(2.0)
        .known_miss("one is too small");
  }
};

struct FalseMiss : Plain {
  static constexpr Card card{"false-miss", "A miss that hits", "nobody", "holds all the same"};
  static void judge(const Params&, const Results&, Claims& claims) {
    claims.expect("one", "one is one")
        .measured([] { return Summary(1.0); })
        .equals(1.0)
        .known_miss("thought so");
  }
};

/// The cell of seed 1 throws what the parameter says.
struct Throwing : Plain {
  static constexpr Card card{"throwing", "A cell that throws", "nobody", "throws"};
  struct Params {
    std::string what = "nothing";
    static void visit(auto&& self, auto&& field) {
      field("what", self.what, "what is thrown",
            one_of({"nothing", "argument", "memory", "error", "judge", "draw"}));
    }
  };
  static Params preset(Preset) { return {}; }
  static Plan<Params> plan(const Params& p) { return {arm("a", p).seeds(2)}; }
  static void run(const Params& p, const Point& at, Stream, Record& out) {
    if (at.seed() == 1) {
      require(p.what != "argument", "width", 0, "> 0");
      if (p.what == "memory") {
        throw std::bad_alloc();
      }
      if (p.what == "error") {
        throw std::runtime_error("it broke");
      }
    }
    out.number("u", 1.0);
  }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    claims.expect("one", "there is a value")
        .measured([p, &r]() -> Summary {
          if (p.what == "judge") {
            throw std::runtime_error("cannot measure");
          }
          return min_of(r["a"].numbers("u"));
        })
        .equals(1.0);
  }
  static void draw(const Params& p, const Results&, Figures&) {
    if (p.what == "draw") {
      throw std::runtime_error("cannot draw");
    }
  }
};

struct NoArms : Plain {
  static constexpr Card card{"no-arms", "No arms", "nobody", "nothing"};
  static Plan<Params> plan(const Params&) { return {}; }
};

/// An arm without seeds, an arm with an empty grid.
struct NoCells : Plain {
  static constexpr Card card{"no-cells", "No cells", "nobody", "nothing"};
  static Plan<Params> plan(const Params& p) {
    return {arm("no-seeds", p).seeds(0), arm("no-grid", p).grid("x", {}).seeds(3)};
  }
  static void judge(const Params&, const Results& r, Claims& claims) {
    claims.expect("none", "there is nothing to see")
        .measured([&r] { return mean_of(r["no-grid"].numbers("u")); })
        .at_least(0.0);
  }
};

/// As many cells as asked for, each of which does nothing but return a number, after a rest.
struct Many : Plain {
  static constexpr Card card{"many", "Many cells", "nobody", "returns numbers"};
  struct Params {
    Index cells = 6;
    double offset = 0.5;
    double rest = 0.0;
    static void visit(auto&& self, auto&& field) {
      field("cells", self.cells, "how many", outside_cells(at_least(1)));
      field("offset", self.offset, "added to each", any_number());
      field("rest", self.rest, "how long a cell rests", at_least(0), "ms");
    }
  };
  static Params preset(Preset) { return {}; }
  static Plan<Params> plan(const Params& p) { return {arm("a", p).seeds(p.cells)}; }
  static double cost(const Params&, const Point& at) {
    return static_cast<double>(at.seed() % 7 + 1);
  }
  static void run(const Params& p, const Point&, Stream stream, Record& out) {
    if (p.rest > 0.0) {
      std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(p.rest));
    }
    out.number("u", stream.uniform() + p.offset);
  }
  static void judge(const Params& p, const Results& r, Claims& claims) {
    claims.expect("all", "every cell is there")
        .measured([&r] { return Summary(static_cast<double>(r.cells().size())); })
        .equals(static_cast<double>(p.cells));
  }
  static void draw(const Params&, const Results&, Figures&) {}
};

inline std::vector<Study> fake_studies() {
  return {make_study<Tiny>(),     make_study<Slow>(),      make_study<Uneven>(),
          make_study<Failing>(),  make_study<KnownMiss>(), make_study<FalseMiss>(),
          make_study<Throwing>(), make_study<NoArms>(),    make_study<NoCells>(),
          make_study<Many>()};
}

} // namespace tests
