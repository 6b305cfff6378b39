// SPDX-License-Identifier: BSD-3-Clause
#include "judged.hpp"

namespace gradus::examples::agreement {

void judge(const Params& p, const Results& r, Claims& claims) {
  judge_exact(p, r, claims);
  judge_clusters(p, r, claims);
  judge_digits(p, r, claims);
  judge_robust(p, r, claims);
}

} // namespace gradus::examples::agreement
