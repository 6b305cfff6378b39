// SPDX-License-Identifier: BSD-3-Clause
// What passes as a study.
#include <string>

#include <gradus/study/study.hpp>

namespace {

namespace study = gradus::study;

struct Params {
  gradus::Index size = 1;
  static void visit(auto&& self, auto&& field) {
    field("size", self.size, "a size", study::at_least(1));
  }
};
struct NoVisit {
  gradus::Index size = 1;
};
static_assert(study::HasParameterList<Params>);
static_assert(!study::HasParameterList<NoVisit>);
static_assert(!study::HasParameterList<int>);

struct Whole {
  static constexpr study::Card card{"whole", "t", "textbook", "l"};
  using Params = ::Params;
  static Params preset(study::Preset) { return {}; }
  static study::Plan<Params> plan(const Params& p) { return {study::arm("arm", p)}; }
  static void run(const Params&, const study::Point&, gradus::Stream, study::Record&) {}
  static void judge(const Params&, const study::Results&, study::Claims&) {}
  static void draw(const Params&, const study::Results&, study::Figures&) {}
};
static_assert(study::StudyDefinition<Whole>);

struct NoClaims : Whole {
  static void judge() {}
};
static_assert(!study::StudyDefinition<NoClaims>);

struct WrongPlan : Whole {
  static int plan(const Params&) { return 0; }
};
static_assert(!study::StudyDefinition<WrongPlan>);
static_assert(!study::StudyDefinition<int>);

} // namespace
