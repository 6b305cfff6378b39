// SPDX-License-Identifier: BSD-3-Clause
// The program gradus-mpi over any studies.
#pragma once

#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leader.hpp"
#include "member.hpp"
#include <gradus/core/parallel.hpp>
#include <gradus/study/command_line.hpp>

namespace gradus::mpi {

namespace detail {

/// Replaces {rank} in the folder of --out by 0. @return  the folder as it was, "out" if none is
/// said
inline std::string take_out(std::vector<std::string>& words) {
  std::string out = "out";
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view option = "--out=";
    if (words[i - 1] == "--out") {
      out = words[i];
      words[i] = with_rank(out, 0);
    } else if (words[i].starts_with(option)) {
      out = words[i].substr(option.size());
      words[i] = std::string(option) + with_rank(out, 0);
    }
  }
  return out;
}

/// Threads of a rank unless --threads says otherwise: as OMP_NUM_THREADS says, else one. Launchers
/// differ in how many cores they let a rank see.
inline int default_threads() {
  return std::getenv("OMP_NUM_THREADS") != nullptr ? available_threads() : 1; // NOLINT: one thread
}

} // namespace detail

/// Everything behind main(): rank 0 reads the command line, hands out cells, judges and prints, the
/// other ranks compute. A single rank does all of it, as `gradus` does.
/// @return  exit status; what is not 0 is rank 0's alone
inline int run_mpi_program(int argc, char** argv, std::vector<study::Study> studies) {
  ::setenv("NO_COLOR", "1", 1); // launchers give ranks a terminal, wherever their output goes
  int level = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &level);
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  int status = 0;
  try {
    if (level < MPI_THREAD_SERIALIZED) {
      status = rank > 0 ? 0
                        : study::detail::complain("this MPI cannot be called from threads",
                                                  study::Exit::fault);
    } else if (rank > 0) {
      Member(std::move(studies), rank).serve();
    } else if (ranks == 1) {
      status = study::run_program(argc, argv, std::move(studies));
    } else {
      std::vector<std::string> words(argv, argv + argc);
      const std::string out = detail::take_out(words);
      std::vector<char*> pointers;
      for (std::string& word : words) {
        pointers.push_back(word.data());
      }
      pointers.push_back(nullptr);
      Leader leader(ranks, detail::default_threads(), out);
      status = study::run_program(argc, pointers.data(), std::move(studies), &leader);
    }
  } catch (const std::exception& error) {
    study::detail::complain("rank " + std::to_string(rank) + ": " + error.what(),
                            study::Exit::fault);
    MPI_Abort(MPI_COMM_WORLD, static_cast<int>(study::Exit::fault)); // the others wait for it
  }
  MPI_Finalize();
  return status;
}

} // namespace gradus::mpi
