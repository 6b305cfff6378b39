// SPDX-License-Identifier: BSD-3-Clause
// The report: one page of all runs, well-formed, self-contained, the same each time.
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "study/markup_checks.hpp"
#include <gradus/study/report.hpp>

using namespace gradus::study;
using gradus::test::count;
using gradus::test::markup_problem;
using gradus::test::put;

namespace {

Json make_claim(const std::string& id, bool holds) {
  return {{"id", id},
          {"statement", "Statement of " + id},
          {"source", "Theorem 1"},
          {"control", false},
          {"known_miss", false},
          {"measured", 0.98765},
          {"spread", {0.9, 1.0}},
          {"relation", ">="},
          {"bound", 0.95},
          {"holds", holds}};
}

Json make_result(const std::string& study, std::vector<Json> claims) {
  return {{"study", study},
          {"paper", "A paper"},
          {"params", {{"dim", 20}, {"rate", 0.125}, {"kind", "relu"}}},
          {"seeds", {0, 1, 2, 3, 7}},
          {"preset", "quick"},
          {"claims", claims},
          {"reproduced", true},
          {"metrics",
           {{"main",
             {{"cells", 5},
              {"diverged", 1},
              {"numbers",
               {{"accuracy", {{"mean", 0.5}, {"min", nullptr}, {"max", 1}, {"count", 4}}}}}}}}},
          {"timing", {{"wall_s", 1.5}}},
          {"build", {{"version", "9.8.7"}, {"flags", "-O3"}}}};
}

const std::string small_svg =
    "<?xml version=\"1.0\"?>\n<svg width=\"100\" height=\"50\" "
    "xmlns=\"http://www.w3.org/2000/svg\">"
    "<defs><circle id='dot' r='1'/></defs><use href='#dot'/><text>hello</text></svg>\n";

std::string write_page(const tests::Folder& scratch) {
  write_report(scratch / "runs", scratch / "page.html");
  return tests::slurp(scratch / "page.html");
}

/// Nothing that a browser would fetch or run.
void check_self_contained(const std::string& page) {
  CHECK(markup_problem(page) == "");
  for (const char* bad : {"<script", "<link", "<iframe", "@import", "src=\"http", "href=\"http",
                          "src='http", "href='http", "url(http", "src=\"//", "onload", "onclick"}) {
    CAPTURE(bad);
    CHECK(count(page, bad) == 0);
  }
}

} // namespace

TEST_CASE("report: runs in order, claims with numbers, the same bytes each time") {
  const tests::Folder scratch;
  put(scratch / "runs/b-study/k2/result.json",
      make_result("b-study", {make_claim("one", true)}).dump());
  put(scratch / "runs/b-study/k1/result.json",
      make_result("b-study", {make_claim("two", true), make_claim("three", false)}).dump());
  Json control = make_claim("off", true);
  control["control"] = true;
  control["relation"] = "in";
  control["bound"] = {-1.5, 2};
  Json unmeasured = make_claim("hole", false);
  unmeasured["measured"] = nullptr;
  unmeasured["spread"] = {nullptr, nullptr};
  put(scratch / "runs/a-study/k3/result.json", make_result("a-study", {control}).dump());
  put(scratch / "runs/c-study/k4/result.json", make_result("c-study", {unmeasured}).dump());
  put(scratch / "runs/cells/ab/cell.cbor", "x");
  put(scratch / "runs/b-study/unfinished/traces/x.npy", "x");
  const std::string page = write_page(scratch);
  CHECK(page == write_page(scratch));
  check_self_contained(page);
  const auto section = [&](int number) {
    return page.find("id=\"run-" + std::to_string(number) + "\"");
  };
  const auto after = [&](int number, const std::string& text) {
    return page.find(text, section(number));
  };
  CHECK(after(1, "Statement of off") < section(2)); // a-study
  CHECK(after(2, "Statement of two") < section(3)); // b-study, k1
  CHECK(after(3, "Statement of one") < section(4)); // b-study, k2
  CHECK(count(page, "class=\"run\"") == 4);
  CHECK(count(page, ">1 of 3</b>studies reproduced") == 1);
  CHECK(count(page, "NOT REPRODUCED") == 4); // two runs, each in the contents and in its section
  CHECK(count(page, ">3</b>claims held") == 1);
  CHECK(count(page, ">2</b>claims failed") == 1);
  CHECK(count(page, ">1</b>of them controls") == 1);
  CHECK(count(page, "0.98765") == 4);
  CHECK(count(page, "\xE2\x89\xA5 0.95") == 4);
  CHECK(count(page, "in [\xE2\x88\x92"
                    "1.5, 2]") == 1);
  CHECK(count(page, ">not finite<") >= 1);
  CHECK(count(page, "0\xE2\x80\x93"
                    "3, 7") == 8);
  for (const char* part :
       {"A paper", "9.8.7", "-O3", "0.125", "relu", "accuracy", "5 cells, 1 diverged"}) {
    CAPTURE(part);
    CHECK(count(page, part) >= 4);
  }
}

TEST_CASE("report: known misses stand apart, and may not hold") {
  const tests::Folder scratch;
  Json miss = make_claim("miss", false);
  miss["known_miss"] = true;
  put(scratch / "runs/s/k/result.json", make_result("s", {make_claim("one", true), miss}).dump());
  std::string page = write_page(scratch);
  CHECK(count(page, "NOT REPRODUCED") == 0);
  CHECK(count(page, "<h3>Known misses</h3>") == 1);
  CHECK(page.find("<h3>Known misses</h3>") < page.find("Statement of miss"));
  CHECK(count(page, "1 of 1 (+ 1 known)") == 1);
  miss["holds"] = true;
  put(scratch / "runs/s/k/result.json", make_result("s", {make_claim("one", true), miss}).dump());
  page = write_page(scratch);
  CHECK(count(page, "NOT REPRODUCED") == 2);
  CHECK(count(page, "holds after all") == 1);
}

TEST_CASE("report: what is not a result is told on the page, the others shown") {
  const tests::Folder scratch;
  put(scratch / "runs/good/k/result.json", make_result("good", {make_claim("one", true)}).dump());
  put(scratch / "runs/good/torn/result.json", "{\"study\": \"<script>alert(1)</script>\", ");
  put(scratch / "runs/good/empty/result.json", "");
  put(scratch / "runs/good/list/result.json", "[1, 2]");
  put(scratch / "runs/good/noclaims/result.json", "{\"study\": \"x\"}");
  put(scratch / "runs/good/noverdict/result.json", "{\"study\": \"x\", \"claims\": [{\"id\": 3}]}");
  put(scratch / "runs/good/flag/result.json",
      "{\"study\": \"x\", \"claims\": [{\"holds\": true, \"control\": 1}]}");
  put(scratch / "runs/good/bytes/result.json", "\xff\xfe{}");
  put(scratch / "runs/odd/types/result.json",
      R"({"study": "odd", "claims": [{"holds": true, "id": [1], "spread": 3, "bound": {"a": 1}}],
          "seeds": "all", "metrics": [1], "params": 7, "timing": [], "build": null, "paper": 5})");
  const ReportContents contents = write_report(scratch / "runs", scratch / "deep/er/page.html");
  const std::string page = tests::slurp(scratch / "deep/er/page.html");
  check_self_contained(page);
  CHECK(contents.runs.size() == 2);
  CHECK(contents.problems.size() == 7);
  CHECK(count(page, "Left out:") == 7);
  CHECK(count(page, "torn/result.json") == 1);
}

TEST_CASE("report: all text is escaped") {
  const std::string hostile = "<script>alert('x')</script> & \"quotes\" \xff</td>";
  const tests::Folder scratch;
  Json claim = make_claim("one", true);
  Json result = make_result("s", {});
  for (const char* name : {"id", "statement", "source", "relation", "measured", "reason"}) {
    claim[name] = "<script>alert('x')</script> & \"quotes\"</td>";
  }
  for (const char* name : {"paper", "preset", "title", "line"}) {
    result[name] = claim["id"];
  }
  result["params"] = {{"<b>", "<i>"}};
  result["metrics"] = {{"<arm>", {{"numbers", {{"<n>", {{"mean", "<m>"}}}}}}}};
  result["claims"] = std::vector<Json>{claim};
  put(scratch / "runs/s/<img src=x>/result.json", result.dump());
  put(scratch / "runs/s/<img src=x>/figures/f.svg", small_svg);
  put(scratch / "runs/s/<img src=x>/figures/index.json", Json{{"f", "<script> & 'c'"}}.dump());
  const std::string page = write_page(scratch);
  check_self_contained(page);
  CHECK(count(page, "<img") == 0);
  CHECK(escape_markup(hostile) == "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "
                                  "&quot;quotes&quot; \xEF\xBF\xBD&lt;/td&gt;");
}

TEST_CASE("report: figures stand in the page with their captions and ids of their own") {
  const tests::Folder scratch;
  for (const std::string run : {"k1", "k2"}) {
    put(scratch / ("runs/s/" + run + "/result.json"),
        make_result("s", {make_claim("one", true)}).dump());
    put(scratch / ("runs/s/" + run + "/figures/b.svg"), small_svg);
    put(scratch / ("runs/s/" + run + "/figures/a.svg"), small_svg);
    put(scratch / ("runs/s/" + run + "/figures/stale.svg"), small_svg);
    put(scratch / ("runs/s/" + run + "/figures/index.json"),
        R"({"b": "Caption of b", "a": "Caption of a", "gone": "", "../../k1/figures/b": ""})");
  }
  put(scratch / "runs/t/k/result.json", make_result("t", {}).dump());
  put(scratch / "runs/t/k/figures/lonely.svg", small_svg); // no index
  put(scratch / "runs/t/k/figures/noise.svg", "nothing");
  const ReportContents contents = write_report(scratch / "runs", scratch / "page.html");
  const std::string page = tests::slurp(scratch / "page.html");
  check_self_contained(page);
  CHECK(contents.problems.size() == 5);
  CHECK(count(page, "<svg") == 5);
  CHECK(count(page, "<?xml") == 0);
  CHECK(page.find("Caption of b") < page.find("Caption of a"));
  CHECK(count(page, "<figcaption>lonely</figcaption>") == 1);
}

TEST_CASE("report: an SVG that acts, loads or is broken is locked up as an image") {
  const std::vector<std::string> bad{
      "<svg><script>alert(1)</script></svg>",
      "<svg onload=\"alert(1)\"></svg>",
      "<svg><g\nonclick='alert(1)'/></svg>",
      "<svg><image xlink:href=\"http://example.org/x.png\"/></svg>",
      "<svg><image href = '//example.org/x.png'/></svg>",
      "<svg><a href='#x'>t</a></svg>",
      "<svg><style>@import url(http://example.org/x.css)</style></svg>",
      "<svg><foreignObject></foreignObject></svg>",
      "<svg><g></svg>",
      "<svg></svg></figure><p>",
      "<svg><g></g>",
      "<svg"};
  for (const std::string& svg : bad) {
    CAPTURE(svg);
    const std::string html = embed_svg(svg, "x-", "caption");
    CHECK(count(html, "<svg") == 0);
    CHECK(count(html, "<img alt=\"caption\" src=\"data:image/svg+xml;base64,") == 1);
    CHECK(markup_problem(html) == "");
  }
  CHECK(gradus::study::detail::base64("") == "");
  CHECK(gradus::study::detail::base64("f") == "Zg==");
  CHECK(gradus::study::detail::base64("fo") == "Zm8=");
  CHECK(gradus::study::detail::base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("report: no runs, no folder, no place to write") {
  const tests::Folder scratch;
  std::filesystem::create_directories(scratch / "runs/cells");
  for (const std::string name : {"runs", "absent"}) {
    try {
      write_report(scratch / name, scratch / "page.html");
      FAIL("no error");
    } catch (const gradus::ArgumentError& error) {
      const std::string message = error.what();
      CHECK(count(message, (scratch / name).string()) >= 1);
      CHECK(count(message, "gradus run") == 1);
    }
  }
  CHECK_FALSE(std::filesystem::exists(scratch / "page.html"));
  put(scratch / "runs/s/k/result.json", make_result("s", {}).dump());
  put(scratch / "file", "");
  CHECK_THROWS_AS(write_report(scratch / "runs", scratch / "file/page.html"), IoError);
  CHECK_THROWS_AS(write_report(scratch / "runs", scratch / "runs"), IoError);
  std::filesystem::create_directories(scratch / "odd/s/k/result.json");
  CHECK_THROWS_AS(write_report(scratch / "odd", scratch / "page.html"), IoError);
}
