// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>

#include <gradus/core/error.hpp>

namespace gradus::study {

/// Exit statuses of the program.
enum class Exit {
  success = 0, ///< every claim holds, known misses aside
  failed = 1,  ///< a claim failed
  usage = 2,   ///< bad usage or input
  fault = 3    ///< input or output failed, memory ran out, a study threw
};

namespace detail {

/// Bad usage that is not about the value of one argument.
class UsageError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Prints "gradus: MESSAGE" on standard error, in one line whatever the message holds.
inline int complain(std::string message, Exit status) {
  std::replace_if(
      message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 32; },
      ' ');
  std::cerr << "gradus: " + message + "\n" << std::flush;
  return static_cast<int>(status);
}

/// Runs a command; what it throws becomes a line on standard error and an exit status.
template <class Command>
int guarded(Command&& command) {
  try {
    return static_cast<int>(command());
  } catch (const UsageError& error) {
    return complain(error.what(), Exit::usage);
  } catch (const ArgumentError& error) {
    return complain(error.what(), Exit::usage);
  } catch (const std::bad_alloc&) {
    return complain("out of memory", Exit::fault);
  } catch (const std::exception& error) {
    return complain(error.what(), Exit::fault);
  }
}

} // namespace detail

} // namespace gradus::study
