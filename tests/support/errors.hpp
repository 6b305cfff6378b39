// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

/// Whether an error says what it should, for Catch2 2 and 3 alike.

namespace support {

/// What an exception of type Error thrown by the call says; "no error" if it throws none. Any
/// other exception passes through and fails the test.
template <class Error, class Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// True if text starts with the given words.
inline bool starts_with(const std::string& text, const std::string& words) {
  return text.compare(0, words.size(), words) == 0;
}

} // namespace support
