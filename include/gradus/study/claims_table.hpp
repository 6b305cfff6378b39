// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/cell.hpp>
#include <gradus/study/outcome.hpp>
#include <gradus/study/result_folder.hpp>

namespace gradus::study {

namespace detail {

/// How a word is coloured on a terminal.
enum class Ink { plain, bold, green, red, yellow, dim };

inline std::string inked(std::string_view text, Ink ink, bool color) {
  constexpr const char* codes[] = {"", "1", "32", "1;31", "33", "2"};
  if (!color || ink == Ink::plain) {
    return std::string(text);
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<int>(ink)], text);
}

inline std::string number_text(double x) { return fmt::format("{:.5g}", x); }

inline std::string range_text(double low, double high) {
  return fmt::format("[{}, {}]", number_text(low), number_text(high));
}

inline std::string bound_text(const Claim& claim) {
  const std::vector<double> bound = claim.bound();
  return claim.relation() + " " +
         (bound.size() == 2 ? range_text(bound[0], bound[1]) : number_text(bound[0]));
}

/// Breaks text at spaces into lines of at most `width` characters, each led by `indent` spaces.
inline std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 100) {
  const std::string lead(indent, ' ');
  std::string result = lead;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (column > indent && column + 1 + word.size() > width) {
      result += "\n" + lead;
      column = indent;
    }
    if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return result + "\n";
}

inline std::pair<std::string, Ink> verdict(const ClaimOutcome& outcome) {
  if (outcome.claim.is_known_miss()) {
    return outcome.holds ? std::pair("HOLDS, marked a known miss", Ink::red)
                         : std::pair("known miss", Ink::yellow);
  }
  return outcome.holds ? std::pair("holds", Ink::green) : std::pair("FAILED", Ink::red);
}

} // namespace detail

/// "REPRODUCED: 7 of 7 claims hold", or "NOT REPRODUCED: ...", with what else must be known.
[[nodiscard]] inline std::string verdict_line(const Outcome& outcome, bool color) {
  using detail::Ink;
  const Index judged = outcome.num_held() + outcome.num_failed();
  std::string line = outcome.reproduced() ? detail::inked("REPRODUCED", Ink::green, color)
                                          : detail::inked("NOT REPRODUCED", Ink::red, color);
  line += fmt::format(": {} of {} claims hold", outcome.num_held(), judged);
  if (outcome.num_known_misses() > 0) {
    line += fmt::format("; known misses: {}", outcome.num_known_misses());
  }
  if (outcome.num_false_misses() > 0) {
    line += fmt::format("; marked as known misses but holding: {}", outcome.num_false_misses());
  }
  if (outcome.num_diverged > 0) {
    line += fmt::format("; {} of {} cells diverged", outcome.num_diverged, outcome.num_cells);
  }
  return line + "\n";
}

/// The table printed after a run: a row per claim (measured, spread over cells, bound, verdict),
/// in full words what does not hold, the verdict on the study, and where its files lie.
[[nodiscard]] inline std::string claims_table(const Job& job, const Outcome& outcome,
                                              const RunFiles& files, bool color) {
  using detail::Ink;
  std::size_t id_width = 5;
  std::size_t spread_width = 6;
  std::size_t bound_width = 5;
  for (const auto& [claim, measured, holds] : outcome.claims) {
    id_width = std::max(id_width, claim.id().size());
    spread_width = std::max(spread_width, detail::range_text(measured.low, measured.high).size());
    bound_width = std::max(bound_width, detail::bound_text(claim).size());
  }
  const auto row = [&](const std::string& id, const std::string& value, const std::string& spread,
                       const std::string& bound) {
    return fmt::format("  {:<{}}  {:>11}  {:<{}}  {:<{}}  ", id, id_width, value, spread,
                       spread_width, bound, bound_width);
  };
  std::string text =
      detail::inked(job.study.card.id, Ink::bold, color) + ": " + job.study.card.title + "\n";
  if (!outcome.claims.empty()) {
    std::string head = row("claim", "measured", "spread", "bound");
    head.erase(head.find_last_not_of(' ') + 1);
    text += detail::inked(head, Ink::dim, color) + "\n";
  }
  for (const ClaimOutcome& one : outcome.claims) {
    const auto [word, ink] = detail::verdict(one);
    text += row(one.claim.id(), detail::number_text(one.measured.value),
                detail::range_text(one.measured.low, one.measured.high),
                detail::bound_text(one.claim)) +
            detail::inked(word, ink, color) + (one.claim.is_control() ? " (control)" : "") + "\n";
  }
  for (const ClaimOutcome& one : outcome.claims) {
    if (one.claim.is_known_miss() || !one.holds) {
      std::string words = one.claim.id() + ": " + one.claim.statement();
      words += one.claim.source().empty() ? "" : " (" + one.claim.source() + ")";
      words += one.claim.is_known_miss() ? "; known miss: " + one.claim.miss_reason() : "";
      text += detail::wrapped(words, 4);
    }
  }
  text += verdict_line(outcome, color);
  if (!files.figures.empty()) {
    text += fmt::format("  figures  {}/ ({})\n", (files.folder / "figures").string(),
                        fmt::join(files.figures, ", "));
  }
  if (!files.figure_problem.empty()) {
    text += "  figures  " + files.figure_problem + "\n";
  }
  text += fmt::format("  data     {}/\n", (files.folder / "traces").string());
  text += fmt::format("  result   {}\n", (files.folder / "result.json").string());
  text += fmt::format("  cells    {} computed, {} reused; {} of computing in {}\n",
                      outcome.timing.cells_computed, outcome.timing.cells_reused,
                      duration_text(outcome.timing.cell_s), duration_text(outcome.timing.wall_s));
  return text;
}

} // namespace gradus::study
