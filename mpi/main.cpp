// SPDX-License-Identifier: BSD-3-Clause
// The program `gradus-mpi`: every study of examples/ behind the command line of `gradus`, its cells
// computed by the ranks of an MPI job.
#include <vector>

#include <Eigen/Core>

#include "program.hpp"

namespace gradus::examples {
std::vector<study::Study> all_studies(); // written by CMake from the names of the files
}

int main(int argc, char** argv) {
  Eigen::setNbThreads(1); // threads are gradus::parallel_for's alone
  return gradus::mpi::run_mpi_program(argc, argv, gradus::examples::all_studies());
}
