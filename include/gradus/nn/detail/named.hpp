// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <gradus/core/error.hpp>

namespace gradus::nn::detail {

/// Calls visitor with a default-constructed value of the first type among the candidates whose
/// `name` is the given one.
template <class First, class... Rest, class Visitor>
decltype(auto) with_named_or(std::string_view argument, std::string_view name, std::string known,
                             Visitor&& visitor) {
  if (name == First::name) {
    return std::forward<Visitor>(visitor)(First{});
  }
  known += known.empty() ? "" : ", ";
  known += First::name;
  if constexpr (sizeof...(Rest) > 0) {
    return with_named_or<Rest...>(argument, name, std::move(known), std::forward<Visitor>(visitor));
  } else {
    throw ArgumentError(std::string(argument), "\"" + std::string(name) + "\"", "one of " + known);
  }
}

template <class... Candidates, class Visitor>
decltype(auto) with_named(std::string_view argument, std::string_view name, Visitor&& visitor) {
  return with_named_or<Candidates...>(argument, name, {}, std::forward<Visitor>(visitor));
}

} // namespace gradus::nn::detail
