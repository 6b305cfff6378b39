// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include <gradus/study/markup.hpp>

namespace gradus::study {

namespace detail {

/// Calls use(name) for each value between `open` and `close` in the text.
template <class Use>
void each_between(std::string_view text, std::string_view open, char close, Use use) {
  for (std::size_t at = text.find(open); at != std::string_view::npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find(close, at);
    if (end == std::string_view::npos) {
      return;
    }
    use(text.substr(at, end - at));
  }
}

/// The ids that something in the document points to.
inline std::set<std::string, std::less<>> referenced_ids(std::string_view svg) {
  std::set<std::string, std::less<>> ids;
  const auto keep = [&](std::string_view id) { ids.emplace(id); };
  each_between(svg, "href='#", '\'', keep);
  each_between(svg, "href=\"#", '"', keep);
  each_between(svg, "url(#", ')', keep);
  return ids;
}

inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Removes every stretch from `open` to `close`, both included.
inline void remove_between(std::string& text, std::string_view open, std::string_view close) {
  std::string kept;
  std::size_t from = 0;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, from)) {
    const std::size_t end = text.find(close, at + open.size());
    if (end == std::string::npos) {
      break;
    }
    kept.append(text, from, at - from);
    from = end + close.size();
  }
  text = kept.append(text, from);
}

/// Removes groups without content, inner ones first.
inline void remove_empty_groups(std::string& svg) {
  constexpr std::string_view close = "</g>";
  std::string kept;
  std::size_t from = 0;
  for (std::size_t at = svg.find(close); at != std::string::npos; at = svg.find(close, from)) {
    kept.append(svg, from, at - from);
    from = at + close.size();
    const std::size_t end = kept.find_last_not_of(" \t\r\n");
    const std::size_t open = kept.rfind('<');
    const bool empty = end != std::string::npos && kept[end] == '>' && open != std::string::npos &&
                       kept.compare(open, 2, "<g") == 0 && kept.find('>', open) == end;
    if (empty) {
      kept.resize(kept.find_last_not_of(" \t\r\n", open == 0 ? 0 : open - 1) + 1);
    } else {
      kept.append(close);
    }
  }
  svg = kept.append(svg, from);
}

/// Removes the definitions (points' shapes, filters) that nothing uses; these refer to each other.
inline void remove_unused_definitions(std::string& svg) {
  const std::size_t begin = svg.find("<defs>");
  const std::size_t end = svg.find("</defs>");
  if (begin == std::string::npos || end == std::string::npos) {
    return;
  }
  std::string rest = svg.substr(end);
  std::string definitions = svg.substr(begin + 6, end - begin - 6);
  remove_between(definitions, "<filter", "</filter>");
  std::string kept;
  while (!definitions.empty()) { // last first: a definition refers to earlier ones only
    const std::size_t line = definitions.find_last_of('<');
    if (line == std::string::npos) {
      break;
    }
    const std::string definition = definitions.substr(line);
    definitions.resize(line);
    each_between(definition, " id='", '\'', [&](std::string_view id) {
      if (referenced_ids(rest + kept).contains(id)) {
        kept = definition + kept;
      }
    });
  }
  svg = svg.substr(0, begin) + "<defs>\n" + kept + rest;
}

/// Lets the edges of translucent areas (bands) be smooth; cells side by side must stay crisp.
inline void smooth_translucent(std::string& svg) {
  constexpr std::string_view crisp = " shape-rendering='crispEdges'";
  for (std::size_t at = svg.find(crisp); at != std::string::npos; at = svg.find(crisp, at + 1)) {
    const std::size_t end = svg.find('\n', svg.find("<polygon", at));
    const std::size_t translucent = svg.find("fill-opacity", at);
    if (translucent != std::string::npos && translucent < end) {
      svg.erase(at, crisp.size());
    }
  }
}

} // namespace detail

/// Puts the prefix before every id and every reference to one inside the document, and removes ids
/// that nothing refers to, so that many SVG documents fit into one page.
[[nodiscard]] inline std::string prefix_ids(std::string_view svg, std::string_view prefix) {
  const auto referenced = detail::referenced_ids(svg);
  std::string out;
  std::size_t from = 0;
  constexpr std::array<std::string_view, 5> marks{" id='", " id=\"", "href='#", "href=\"#",
                                                  "url(#"};
  while (true) {
    std::size_t at = std::string_view::npos;
    std::string_view mark;
    for (const std::string_view candidate : marks) {
      if (const std::size_t found = svg.find(candidate, from); found < at) {
        at = found;
        mark = candidate;
      }
    }
    if (at == std::string_view::npos) {
      return out.append(svg.substr(from));
    }
    const std::size_t name = at + mark.size();
    const std::size_t end =
        svg.find(mark == "url(#" ? ')' : mark[mark.size() - (mark[0] == ' ' ? 1 : 2)], name);
    if (end == std::string_view::npos) {
      return out.append(svg.substr(from));
    }
    const std::string_view id = svg.substr(name, end - name);
    if (mark[0] == ' ' && !referenced.contains(id)) {
      out.append(svg.substr(from, at - from));
      from = end + 1;
    } else {
      out.append(svg.substr(from, name - from)).append(prefix).append(id);
      from = end;
    }
  }
}

/// What gnuplot wrote, made fit for pages: no ids but those needed, under the prefix; no empty
/// groups, hover texts or unused definitions; smooth edges of bands; a font that every system has;
/// a label for readers who don't see.
[[nodiscard]] inline std::string tidy_svg(std::string svg, std::string_view prefix,
                                          std::string_view label) {
  using detail::replace_all;
  detail::remove_between(svg, "<title>", "</title>");
  detail::remove_between(svg, "<desc>", "</desc>");
  detail::remove_unused_definitions(svg);
  detail::remove_empty_groups(svg);
  detail::smooth_translucent(svg);
  replace_all(svg, "preserveAspectRatio='none'",
              "preserveAspectRatio='none' style='image-rendering:pixelated'");
  replace_all(svg, "<tspan font-family=\"sans-serif\" ", "<tspan ");
  replace_all(svg, "font-family=\"sans-serif:Bold\"",
              "font-weight=\"600\" font-family=\"sans-serif\"");
  replace_all(svg, "font-family=\"sans-serif\"",
              "font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\"");
  if (const std::size_t root = svg.find("<svg"); root != std::string::npos) {
    svg.insert(root + 4, " role=\"img\" aria-label=\"" + escape_markup(label) + "\"");
  }
  return prefix_ids(svg, prefix);
}

} // namespace gradus::study
