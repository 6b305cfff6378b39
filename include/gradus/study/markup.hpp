// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::study {

namespace detail {

/// Length in bytes of the well-formed UTF-8 sequence that starts at text[at]; 0 if there is none.
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  const std::size_t length = first < 0x80                     ? 1
                             : first >= 0xC2 && first <= 0xDF ? 2
                             : first >= 0xE0 && first <= 0xEF ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  if (length == 0 || at + length > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  if (length > 2) { // overlong forms, surrogates, and what lies beyond Unicode or outside XML
    const unsigned second = byte(at + 1);
    const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ||
                     (first == 0xEF && second == 0xBF && byte(at + 2) > 0xBD);
    return bad ? 0 : length;
  }
  return length;
}

} // namespace detail

/// One line of text that any markup can hold: control characters become spaces, bytes that are not
/// UTF-8 become U+FFFD.
[[nodiscard]] inline std::string plain_line(std::string_view text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = detail::utf8_length(text, i);
    const auto first = static_cast<unsigned char>(text[i]);
    if (length == 0) {
      clean += "\xEF\xBF\xBD";
      ++i;
    } else if (length == 1 && (first < 0x20 || first == 0x7F)) {
      clean += ' ';
      ++i;
    } else {
      clean += text.substr(i, length);
      i += length;
    }
  }
  return clean;
}

/// Number of characters (code points) of a UTF-8 text.
[[nodiscard]] inline std::size_t num_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  }
  return count;
}

/// The text with the characters that HTML and XML give a meaning replaced, fit for content and for
/// attributes in either kind of quotes; made one valid line by plain_line first.
[[nodiscard]] inline std::string escape_markup(std::string_view text) {
  std::string escaped;
  for (const char c : plain_line(text)) {
    switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\'':
      escaped += "&#39;";
      break;
    default:
      escaped += c;
    }
  }
  return escaped;
}

} // namespace gradus::study
