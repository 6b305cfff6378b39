// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <gradus/study/cell.hpp>
#include <gradus/study/claims_table.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/metric_listing.hpp>
#include <gradus/study/outcome.hpp>
#include <gradus/study/study.hpp>

/// What `list` and `show` print.

namespace gradus::study {

/// The claims of a study as they are made, nothing measured.
[[nodiscard]] inline Claims stated_claims(const Study& study, const Parameters& parameters) {
  Claims claims;
  const Results none;
  study.judge(parameters, none, claims);
  return claims;
}

/// One line per study: id and phenomenon.
[[nodiscard]] inline std::string list_text(const std::vector<Study>& studies) {
  std::size_t width = 0;
  for (const Study& study : studies) {
    width = std::max(width, std::string_view(study.card.id).size());
  }
  std::string text;
  for (const Study& study : studies) {
    text += fmt::format("{:<{}}  {}\n", study.card.id, width, study.card.line);
  }
  return text;
}

namespace detail {
inline Json card_json(const Card& card) {
  return {{"id", card.id},
          {"title", card.title},
          {"paper", card.paper},
          {"line", card.line},
          {"revision", card.revision}};
}
} // namespace detail

/// [{id, title, paper, line, revision}, ...].
[[nodiscard]] inline Json list_json(const std::vector<Study>& studies) {
  Json list = Json::array();
  for (const Study& study : studies) {
    list.push_back(detail::card_json(study.card));
  }
  return list;
}

/// {id, title, paper, line, revision, parameters, presets, arms, metrics, claims}; defaults, arms
/// and bounds are those of the default preset.
/// @param out  where names of metrics are looked up if the study declares none
[[nodiscard]] inline Json show_json(const Study& study, const std::filesystem::path& out) {
  Json json = detail::card_json(study.card);
  const Job job = make_job(study, preset_name(Preset::standard), study.preset(Preset::standard));
  json["parameters"] = Json::array();
  for (const Parameter& parameter : job.parameters) {
    json["parameters"].push_back({{"name", parameter.name},
                                  {"type", parameter.type_name()},
                                  {"unit", parameter.unit},
                                  {"meaning", parameter.meaning},
                                  {"range", parameter.range.text()},
                                  {"default", value_json(parameter.value)}});
  }
  for (const Preset preset : {Preset::quick, Preset::standard, Preset::paper}) {
    json["presets"][preset_name(preset)] = values_json(study.preset(preset));
  }
  json["arms"] = Json::array();
  for (const Study::ArmPlan& arm : job.arms) {
    Json grid = Json::object();
    for (const GridAxis& axis : arm.axes) {
      grid[axis.name] = numbers_json(axis.values);
    }
    Json differs = Json::object();
    for (const Parameter& parameter : arm.parameters) {
      const Parameter* general = find(job.parameters, parameter.name);
      if (general == nullptr || general->value != parameter.value) {
        differs[parameter.name] = value_json(parameter.value);
      }
    }
    json["arms"].push_back({{"name", arm.name},
                            {"seeds", arm.num_seeds},
                            {"grid", std::move(grid)},
                            {"params", std::move(differs)}});
  }
  json["metrics"] = metrics_list_json(study, out);
  json["claims"] = Json::array();
  const Claims claims = stated_claims(study, job.parameters);
  for (const Claim& claim : claims.list()) {
    json["claims"].push_back({{"id", claim.id()},
                              {"statement", claim.statement()},
                              {"source", claim.source()},
                              {"control", claim.is_control()},
                              {"known_miss", claim.is_known_miss()},
                              {"relation", claim.relation()},
                              {"bound", bound_json(claim)}});
  }
  return json;
}

/// The same for reading.
[[nodiscard]] inline std::string show_text(const Study& study, const std::filesystem::path& out) {
  const Json json = show_json(study, out);
  const Card& card = study.card;
  std::string text = fmt::format("{}: {}\n{}{}\n", card.id, card.title,
                                 detail::wrapped(card.line, 0), detail::wrapped(card.paper, 0));
  const auto plain = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : json_text(value);
  };
  text += fmt::format("{:<20}{:>12}{:>12}{:>12}  {}\n", "parameter", "quick", "default", "paper",
                      "meaning, valid values");
  for (const Json& parameter : json["parameters"]) {
    const auto name = parameter["name"].get<std::string>();
    const auto unit = parameter["unit"].get<std::string>();
    const std::string values =
        fmt::format("{:<20}{:>12}{:>12}{:>12}  ", name, plain(json["presets"]["quick"][name]),
                    plain(json["presets"]["default"][name]), plain(json["presets"]["paper"][name]));
    std::string words = detail::wrapped(
        fmt::format("{}{} ({})", parameter["meaning"].get<std::string>(),
                    unit.empty() ? "" : ", in " + unit, parameter["range"].get<std::string>()),
        58);
    words.erase(0, 58);
    text += values + words;
  }
  text += "\narms\n";
  for (const Json& arm : json["arms"]) {
    std::string words = arm["name"].get<std::string>();
    for (const auto& [axis, values] : arm["grid"].items()) {
      words += fmt::format(", {} values of {}", values.size(), axis);
    }
    words += fmt::format(", seeds: {}", arm["seeds"].get<Index>());
    for (const auto& [name, value] : arm["params"].items()) {
      words += fmt::format(", {} = {}", name, plain(value));
    }
    text += detail::wrapped(words, 2);
  }
  text += metrics_list_text(study, out) + "\nclaims\n";
  const Claims claims = stated_claims(study, study.preset(Preset::standard));
  for (const Claim& claim : claims.list()) {
    text += fmt::format("  {}  {}{}{}\n", claim.id(), detail::bound_text(claim),
                        claim.is_control() ? "  (control)" : "",
                        claim.is_known_miss() ? "  (known miss)" : "");
    text += detail::wrapped(
        claim.statement() + (claim.source().empty() ? "" : " (" + claim.source() + ")"), 4);
    if (claim.is_known_miss()) {
      text += detail::wrapped("known miss: " + claim.miss_reason(), 4);
    }
  }
  return text;
}

} // namespace gradus::study
