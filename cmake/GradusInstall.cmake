# SPDX-License-Identifier: BSD-3-Clause
# cmake --install: headers, the CMake package and the pkg-config file. Nothing in them depends on the
# machine or on where they were built; all of it can be moved.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/gradus")
install(TARGETS gradus EXPORT gradusTargets FILE_SET HEADERS)
install(EXPORT gradusTargets NAMESPACE gradus:: DESTINATION "${package_dir}")
if(with_study)
  install(TARGETS gradus_study EXPORT gradusStudyTargets FILE_SET HEADERS)
  install(EXPORT gradusStudyTargets NAMESPACE gradus:: DESTINATION "${package_dir}")
endif()

configure_package_config_file(cmake/gradusConfig.cmake.in gradusConfig.cmake
                              INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(gradusConfigVersion.cmake COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/gradusConfig.cmake"
              "${PROJECT_BINARY_DIR}/gradusConfigVersion.cmake"
              cmake/FindRandom123.cmake
        DESTINATION "${package_dir}")

# gradus.pc names its prefix relative to its own folder.
set(pkgconfig_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR
           BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir}" OUTPUT_VARIABLE pc_includedir)
configure_file(cmake/gradus.pc.in gradus.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/gradus.pc" DESTINATION "${pkgconfig_dir}")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/gradus")
if(TARGET gradus_studies)
  install(TARGETS gradus_studies OPTIONAL)
endif()
if(TARGET gradus_mpi)
  install(TARGETS gradus_mpi OPTIONAL)
endif()
