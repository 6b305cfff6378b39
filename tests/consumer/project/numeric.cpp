// SPDX-License-Identifier: BSD-3-Clause
// Uses the numeric headers only.
#include <iostream>

#include <gradus/gradus.hpp>

int main() {
  gradus::Stream stream(1, "consumer");
  const double x = gradus::normal(stream);
  std::cout << "gradus " << GRADUS_VERSION << " drew " << x << '\n';
  return x == x ? 0 : 1;
}
