// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/core/types.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/json.hpp>
#include <gradus/study/parameter.hpp>
#include <gradus/study/plan.hpp>
#include <gradus/study/study.hpp>

namespace gradus::study {

/// A cell with the study it is of.
struct KeyedCell {
  const Study* study; ///< one of those that were given
  Cell cell;          ///< its cost is 1
};

/// The cell that a key stands for: a key names all that determines a cell, so that it can be
/// computed where nothing else is known of the batch.
/// @param studies  among them the cell's; they must outlive what is returned
/// @throws Fault if no study of these has such a cell: the key is another program's
[[nodiscard]] inline KeyedCell cell_from_key(const std::vector<Study>& studies,
                                             const std::string& key) {
  const auto other = [&] {
    return Fault("this program has no cell " + key + "; it was planned by another one");
  };
  const Json json = Json::parse(key, nullptr, false);
  try {
    const auto id = json.at("study").get<std::string>();
    const auto study = std::find_if(studies.begin(), studies.end(),
                                    [&](const Study& each) { return each.card.id == id; });
    if (study == studies.end()) {
      throw other();
    }
    auto parameters = std::make_shared<Parameters>(study->preset(Preset::quick));
    std::erase_if(*parameters, [](const Parameter& p) { return p.range.outside_cells; });
    for (Parameter& parameter : *parameters) {
      const Json& value = json.at("parameters").at(parameter.name);
      std::visit([&](auto& x) { x = value.get<std::decay_t<decltype(x)>>(); }, parameter.value);
    }
    std::vector<std::pair<std::string, double>> coordinates;
    for (const Json& pair : json.at("coordinates")) {
      coordinates.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<double>());
    }
    Point point(json.at("arm").get<std::string>(), std::move(coordinates),
                json.at("index").get<Index>(), json.at("seed").get<std::uint64_t>());
    if (detail::cell_key(study->card, *parameters, point) != key) {
      throw other();
    }
    return {&*study, {std::move(parameters), std::move(point), 1.0, key, hash_name(key)}};
  } catch (const Json::exception&) {
    throw other();
  }
}

} // namespace gradus::study
