// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <sstream>
#include <string>

#include "catch.hpp"
#include <gradus/core/parallel.hpp>
#include <gradus/study/progress.hpp>

using namespace gradus::study;

TEST_CASE("durations read well at every scale", "[progress]") {
  CHECK(duration_text(0.04) == "0.0 s");
  CHECK(duration_text(9.94) == "9.9 s");
  CHECK(duration_text(9.96) == "10 s");
  CHECK(duration_text(59.7) == "1:00 min");
  CHECK(duration_text(125) == "2:05 min");
  CHECK(duration_text(7325) == "2:02:05 h");
}

TEST_CASE("plain progress is a line each tenth, weighted by cost", "[progress]") {
  std::ostringstream out;
  {
    Progress progress(out, ProgressMode::lines, 4, 10.0);
    progress.finished(7.0);
    CHECK(out.str().starts_with(" 70 %  1/4 cells"));
    CHECK(out.str().find("left\n") != std::string::npos);
    progress.finished(0.5);
    progress.finished(0.5);
    progress.finished(2.0);
  }
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text.find("\n100 %  4/4 cells") != std::string::npos);
}

TEST_CASE("quiet progress and progress over nothing say nothing", "[progress]") {
  std::ostringstream out;
  {
    Progress quiet(out, ProgressMode::none, 2, 2.0);
    quiet.finished(1.0);
    Progress nothing(out, ProgressMode::terminal, 0, 0.0);
  }
  CHECK(out.str().empty());
}

TEST_CASE("a terminal gets one line that is redrawn", "[progress]") {
  std::ostringstream out;
  {
    Progress progress(out, ProgressMode::terminal, 1000, 1000.0);
    gradus::parallel_for(1000, [&](gradus::Index) { progress.finished(1.0); });
  }
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(std::count(text.begin(), text.end(), '\r') <= 12); // at most ten a second
  CHECK(text.find("1000/1000 cells") != std::string::npos);
}
