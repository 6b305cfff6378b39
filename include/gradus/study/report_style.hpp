// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gradus::study {

/// The style sheet of the report: one column, light or dark as the reader's system is, tables that
/// stack on a phone, everything unfolded on paper.
[[nodiscard]] constexpr std::string_view report_style() {
  return R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --page: #ffffff; --card: #f6f8fa;
  --line: #d0d7de; --good: #0a6b3b; --bad: #b3261e; --known: #7a5200; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa5b1; --page: #14181d;
  --card: #1d232a; --line: #38414b; --good: #5fd39a; --bad: #ff9086; --known: #e3b341;
  --link: #7cb8ff; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.25rem 1rem 3rem; max-width: 66rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial,
  "Liberation Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 0; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
p { margin: .4rem 0; }
a { color: var(--link); }
code { font: .88em/1.4 ui-monospace, SFMono-Regular, Consolas, "DejaVu Sans Mono", monospace; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .known { color: var(--known); }
.verdict { font-weight: 700; white-space: nowrap; }
.tag { display: inline-block; padding: 0 .45em; border: 1px solid var(--line); border-radius: .7em;
  font-size: .78rem; color: var(--soft); white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem;
  margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .55rem .8rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.25; }
.notice { border: 1px solid var(--bad); border-left-width: .35rem; border-radius: .3rem;
  padding: .4rem .8rem; margin: .6rem 0; }
.run { border-top: 3px solid var(--line); margin-top: 2.4rem; padding-top: 1.1rem; }
.head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline;
  justify-content: space-between; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid var(--line); }
th { font-size: .82rem; color: var(--soft); font-weight: 600; }
td.n { white-space: nowrap; }
th, td.n { overflow-wrap: normal; }
table.pairs th { width: 1%; padding-right: 1.5rem; white-space: nowrap; }
tr.failed td { background: color-mix(in srgb, var(--bad) 9%, transparent); }
.scroll { overflow-x: auto; }
figure { margin: 1rem 0; }
.plot { overflow-x: auto; background: #ffffff; border: 1px solid var(--line);
  border-radius: .4rem; padding: .4rem; }
.plot svg, .plot img { display: block; margin: 0 auto; max-width: 100%; height: auto; }
figcaption { font-size: .9rem; color: var(--soft); margin-top: .35rem; }
details.fold { margin-top: .3rem; }
details.fold summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
details.fold:not([open]) + .folded { display: none; }
@media (max-width: 40rem) {
  .plot svg, .plot img { max-width: none; width: 100%; }
  .plot.wide svg, .plot.wide img { width: 38rem; }
  table.stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  table.stack, table.stack tbody, table.stack tr, table.stack td { display: block; }
  table.stack tr { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0;
    padding: .3rem 0; }
  table.stack td { border: 0; padding: .2rem .7rem; white-space: normal; }
  table.stack td[data-label] { display: grid; grid-template-columns: 6.2rem 1fr; gap: .5rem; }
  table.stack td[data-label]::before { content: attr(data-label); color: var(--soft);
    font-size: .82rem; padding-top: .1rem; }
}
@media print {
  @page { margin: 14mm; }
  :root { color-scheme: light; --ink: #000000; --soft: #444444; --page: #ffffff; --card: #ffffff;
    --line: #bbbbbb; --good: #0a5a32; --bad: #9b1c14; --known: #6a4700; --link: #000000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .run { break-before: page; border-top: 0; margin-top: 0; padding-top: 0; }
  .scroll, .plot { overflow: visible; }
  .plot { border: 0; padding: 0; }
  .plot svg, .plot img, .plot.wide svg, .plot.wide img { width: auto; max-width: 100%;
    max-height: 210mm; }
  figure, tr, .tiles li, .notice { break-inside: avoid; }
  h2, h3, summary, .arm { break-after: avoid; }
  .tiles { grid-template-columns: repeat(5, 1fr); }
  thead { display: table-header-group; }
  th, td { padding: .18rem .5rem; }
  details.fold + .folded, details.fold:not([open]) + .folded { display: block; }
  details.fold summary { list-style: none; }
  details.fold summary::-webkit-details-marker { display: none; }
}
)css";
}

} // namespace gradus::study
