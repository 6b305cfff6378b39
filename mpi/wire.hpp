// SPDX-License-Identifier: BSD-3-Clause
// Messages between the ranks: JSON objects in binary form.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <mpi.h>

#include <gradus/core/error.hpp>
#include <gradus/study/cell.hpp>
#include <gradus/study/json.hpp>

namespace gradus::mpi {

using study::Json;

/// What a message is; those to a slot of a rank have the tag first_slot + slot.
enum Tag : int {
  order = 1,  ///< from rank 0: what to do
  report = 2, ///< to rank 0: what was done
  first_slot = 16
};

/// Sends a message. @throws study::Fault if it is larger than MPI can send
inline void send(int rank, int tag, const Json& message) {
  const std::vector<std::uint8_t> bytes = Json::to_cbor(message);
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw study::Fault("a message of " + std::to_string(bytes.size()) +
                       " bytes is more than MPI can send");
  }
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, rank, tag, MPI_COMM_WORLD);
}

/// Waits for a message: for a moment at once, then looking up to a thousand times a second, so that
/// a rank that has nothing to do costs nothing. @return  the sender and the message
inline std::pair<int, Json> receive(int rank, int tag) {
  MPI_Message handle{};
  MPI_Status status{};
  int there = 0;
  for (std::int64_t tries = 0; there == 0; ++tries) {
    MPI_Improbe(rank, tag, MPI_COMM_WORLD, &there, &handle, &status);
    if (there == 0 && tries > 100) {
      const std::int64_t microseconds = tries < 2000 ? 50 : 1000;
      std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    }
  }
  int size = 0;
  MPI_Get_count(&status, MPI_BYTE, &size);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  MPI_Mrecv(bytes.data(), size, MPI_BYTE, &handle, &status);
  return {status.MPI_SOURCE, Json::from_cbor(bytes)};
}

/// An exception on its way to rank 0; call in a handler.
inline Json failure() {
  try {
    throw;
  } catch (const ArgumentError& error) {
    return {{"argument", error.argument()}, {"value", error.value()}, {"valid", error.valid()}};
  } catch (const std::bad_alloc&) {
    return {{"text", "out of memory"}};
  } catch (const std::exception& error) {
    return {{"text", error.what()}};
  }
}

/// Throws what failure() packed. @throws ArgumentError, study::Fault
[[noreturn]] inline void rethrow(const Json& packed) {
  if (packed.contains("argument")) {
    throw ArgumentError(packed["argument"].get<std::string>(), packed["value"].get<std::string>(),
                        packed["valid"].get<std::string>());
  }
  throw study::Fault(packed["text"].get<std::string>());
}

/// The text with every "{rank}" replaced by the number.
inline std::string with_rank(std::string text, int rank) {
  const std::string mark = "{rank}";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
    text.replace(at, mark.size(), std::to_string(rank));
  }
  return text;
}

} // namespace gradus::mpi
