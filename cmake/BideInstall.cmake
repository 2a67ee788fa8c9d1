# SPDX-License-Identifier: MIT
# Install rules: one export set per component, so that find_package(bide) needs nobody's libcurl.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(bide_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/bide")

foreach(target IN ITEMS bide bide_curl bide_json)
  install(
    TARGETS ${target}
    EXPORT ${target}-targets
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT bide)
  install(
    EXPORT ${target}-targets
    NAMESPACE bide::
    DESTINATION "${bide_package_dir}"
    COMPONENT bide)
endforeach()

configure_package_config_file(
  cmake/bideConfig.cmake.in "${PROJECT_BINARY_DIR}/package/bideConfig.cmake"
  INSTALL_DESTINATION "${bide_package_dir}"
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# While the major version is 0, each minor version may break the interface.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/package/bideConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(
  FILES "${PROJECT_BINARY_DIR}/package/bideConfig.cmake"
        "${PROJECT_BINARY_DIR}/package/bideConfigVersion.cmake"
  DESTINATION "${bide_package_dir}"
  COMPONENT bide)
install(
  FILES LICENSE
  DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/bide"
  COMPONENT bide)
