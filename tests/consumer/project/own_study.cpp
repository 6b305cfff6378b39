// SPDX-License-Identifier: BSD-3-Clause
// A study of one's own, outside the tree: 20 lines and a main.
#include <gradus/study/command_line.hpp>
#include <gradus/study/study.hpp>

namespace study = gradus::study;

struct Coin {
  static constexpr study::Card card{"coin", "A fair coin", "textbook",
                                    "heads come up half the time"};
  struct Params {
    gradus::Index tosses = 1000;
    static void visit(auto&& self, auto&& field) {
      field("tosses", self.tosses, "number of tosses", study::at_least(1));
    }
  };
  static Params preset(study::Preset) { return {}; }
  static study::Plan<Params> plan(const Params& p) { return {study::arm("fair", p).seeds(5)}; }
  static void run(const Params& p, const study::Point&, gradus::Stream stream,
                  study::Record& record) {
    double heads = 0;
    for (gradus::Index i = 0; i < p.tosses; ++i) {
      heads += stream.uniform() < 0.5 ? 1.0 : 0.0;
    }
    record.number("heads", heads / static_cast<double>(p.tosses));
  }
  static void judge(const Params&, const study::Results& results, study::Claims& claims) {
    claims.expect("half", "heads come up half the time")
        .source("textbook")
        .measured([&] { return study::mean_of(results["fair"].numbers("heads")); })
        .within(0.5, 0.05);
  }
  static void draw(const Params&, const study::Results&, study::Figures&) {}
};

int main(int argc, char** argv) {
  return study::run_program(argc, argv, {study::make_study<Coin>()});
}
