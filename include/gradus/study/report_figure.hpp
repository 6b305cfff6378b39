// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <gradus/study/markup.hpp>
#include <gradus/study/svg.hpp>

namespace gradus::study {

namespace detail {

inline std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t b = 0; b < 3; ++b) {
      word = word << 8 | (i + b < bytes.size() ? static_cast<unsigned char>(bytes[i + b]) : 0U);
    }
    for (std::size_t d = 0; d < 4; ++d) {
      text += i + d > bytes.size() ? '=' : digits[word >> (18 - 6 * d) & 63U];
    }
  }
  return text;
}

/// Whether tags open and close in pairs, attributes are quoted and nothing in the document acts or
/// loads: what may stand in the page as it is.
inline bool is_inline_svg(std::string_view svg) {
  for (const std::string_view bad : {"<script", "<style", "<foreignObject", "<iframe", "<a ", "<!",
                                     "<?", "<animate", "<set", "@import", "<image href=\"h"}) {
    if (svg.find(bad) != std::string_view::npos) {
      return false;
    }
  }
  std::string open; // names of the open elements, each after a '/'
  bool any = false;
  for (std::size_t at = 0; (at = svg.find('<', at)) != std::string_view::npos;) {
    std::size_t end = at + 1;
    for (char quote = 0; end < svg.size() && (quote != 0 || svg[end] != '>'); ++end) {
      const char c = svg[end];
      quote = quote == c ? char{0} : quote == 0 && (c == '"' || c == '\'') ? c : quote;
    }
    if (end >= svg.size()) {
      return false;
    }
    const std::string_view tag = svg.substr(at + 1, end - at - 1);
    const bool closes = tag.starts_with('/');
    const std::string_view whole = closes ? tag.substr(1) : tag;
    const std::string name = "/" + std::string(whole.substr(0, whole.find_first_of(" \t\r\n/")));
    // no handlers, and nothing to load but what the document itself holds
    for (std::size_t equal = tag.find('='); equal != std::string_view::npos;
         equal = tag.find('=', equal + 1)) {
      const std::size_t last = tag.find_last_not_of(" \t\r\n", equal == 0 ? 0 : equal - 1);
      const std::size_t first = tag.find_last_of(" \t\r\n'\"", last) + 1;
      const std::string_view attribute = tag.substr(first, last + 1 - first);
      const std::string_view value =
          tag.substr(std::min(tag.find_first_not_of(" \t\r\n", equal + 1), tag.size()));
      if (attribute.starts_with("on") ||
          (attribute.ends_with("href") &&
           !value.substr(0, std::min<std::size_t>(12, value.size())).starts_with("'#") &&
           !value.starts_with("\"#") && !value.starts_with("'data:image/png") &&
           !value.starts_with("\"data:image/png"))) {
        return false;
      }
    }
    if (closes) {
      if (!open.ends_with(name)) {
        return false;
      }
      open.resize(open.size() - name.size());
      if (open.empty() && svg.find('<', end) != std::string_view::npos) {
        return false; // more than one root
      }
    } else if (!tag.ends_with('/')) {
      if (!any && name != "/svg") {
        return false;
      }
      open += name;
    }
    any = true;
    at = end;
  }
  return any && open.empty();
}

/// The width attribute of the root, 0 if there is none.
inline double svg_width(std::string_view svg) {
  const std::string_view root = svg.substr(0, svg.find('>'));
  double width = 0;
  const std::size_t at = root.find(" width=");
  if (at != std::string_view::npos && at + 8 < root.size()) {
    std::from_chars(root.data() + at + 8, root.data() + root.size(), width);
  }
  return width;
}

} // namespace detail

/// A figure for a page: the SVG itself, ids under the prefix, or, where it could load, act or break
/// the page, as an image, which browsers lock up. @param caption plain text
[[nodiscard]] inline std::string embed_svg(std::string_view svg, std::string_view prefix,
                                           std::string_view caption) {
  const std::size_t root = std::min(svg.find("<svg"), svg.size());
  const std::string_view document = svg.substr(root);
  const std::string text = escape_markup(caption);
  const std::string picture =
      detail::is_inline_svg(document)
          ? prefix_ids(document, prefix)
          : fmt::format("<img alt=\"{}\" src=\"data:image/svg+xml;base64,{}\">", text,
                        detail::base64(svg));
  return fmt::format(
      "<figure><div class=\"plot{}\">{}</div>\n<figcaption>{}</figcaption></figure>\n",
      detail::svg_width(document) > 560 ? " wide" : "", picture, text);
}

} // namespace gradus::study
