# SPDX-License-Identifier: BSD-3-Clause
# Random123 is a folder of headers without a CMake package: gives the target Random123::Random123.
find_path(Random123_INCLUDE_DIR Random123/philox.h DOC "Folder that holds Random123/philox.h")
mark_as_advanced(Random123_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Random123 REQUIRED_VARS Random123_INCLUDE_DIR)

if(Random123_FOUND AND NOT TARGET Random123::Random123)
  if(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL)
    add_library(Random123::Random123 INTERFACE IMPORTED GLOBAL)
  else()
    add_library(Random123::Random123 INTERFACE IMPORTED)
  endif()
  target_include_directories(Random123::Random123 SYSTEM INTERFACE "${Random123_INCLUDE_DIR}")
endif()
