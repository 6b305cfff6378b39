// SPDX-License-Identifier: BSD-3-Clause
// The program `gradus`: every study of this folder behind one command line.
#include <vector>

#include <Eigen/Core>

#include <gradus/study/command_line.hpp>

namespace gradus::examples {
std::vector<study::Study> all_studies(); // written by CMake from the names of the files
}

int main(int argc, char** argv) {
  Eigen::setNbThreads(1); // threads are gradus::parallel_for's alone
  return gradus::study::run_program(argc, argv, gradus::examples::all_studies());
}
