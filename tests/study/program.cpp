// SPDX-License-Identifier: BSD-3-Clause
// The studies of the program that the tests of the command line run (its main is
// examples/main.cpp).
#include <vector>

#include "study/fake_studies.hpp"

namespace gradus::examples {
std::vector<study::Study> all_studies();
std::vector<study::Study> all_studies() { return tests::fake_studies(); }
} // namespace gradus::examples
