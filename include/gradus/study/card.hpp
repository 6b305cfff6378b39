// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace gradus::study {

/// What a study is: the first thing in a study file.
struct Card {
  const char* id;    ///< lower-case words joined by hyphens; names it on the command line
  const char* title; ///< a few words for tables
  const char* paper; ///< authors, title, year, where to find it; "textbook" if there is none
  const char* line;  ///< the phenomenon in one line
  int revision = 1;  ///< raise it when the computation changes: stored cells are then made anew
};

/// The sizes at which a study can be run.
enum class Preset {
  quick,    ///< under 2 s on two cores
  standard, ///< "default" on the command line: under 20 s on two cores
  paper     ///< the paper's own scale
};

} // namespace gradus::study
