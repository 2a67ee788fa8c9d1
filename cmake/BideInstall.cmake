# SPDX-License-Identifier: MIT
# Install rules. Each library (bide, bide_curl, bide_json) is an install component with its headers,
# export set and .pc file, so that find_package(bide) needs nobody's libcurl and a distribution may
# split them. Nothing depends on the machine, hence share/, and nothing is absolute unless
# CMAKE_INSTALL_INCLUDEDIR is.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(bide_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/bide")
set(bide_pc_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")

cmake_path(ABSOLUTE_PATH bide_pc_dir BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" OUTPUT_VARIABLE bide_pc_full_dir)
file(RELATIVE_PATH bide_pc_prefix "${bide_pc_full_dir}" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" bide_pc_prefix "${bide_pc_prefix}")
set(bide_pc_include_dir "\${prefix}")
cmake_path(APPEND bide_pc_include_dir "${CMAKE_INSTALL_INCLUDEDIR}")

# bide_install(<target> <description> <what its .pc file requires>)
function(bide_install target description requires)
  install(
    TARGETS ${target}
    EXPORT ${target}-targets
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT ${target})
  install(
    EXPORT ${target}-targets
    NAMESPACE bide::
    DESTINATION "${bide_package_dir}"
    COMPONENT ${target})
  string(REPLACE "_" "-" name ${target})
  configure_file(cmake/bide.pc.in "${PROJECT_BINARY_DIR}/package/${name}.pc" @ONLY)
  install(
    FILES "${PROJECT_BINARY_DIR}/package/${name}.pc"
    DESTINATION "${bide_pc_dir}"
    COMPONENT ${target})
endfunction()

bide_install(bide "${PROJECT_DESCRIPTION}" "")
bide_install(bide_curl "bide for libcurl" "bide = ${PROJECT_VERSION}, libcurl >= ${bide_libcurl_floor}")
bide_install(bide_json "bide for nlohmann_json"
             "bide = ${PROJECT_VERSION}, nlohmann_json >= ${bide_nlohmann_json_floor}")

file(GLOB bide_schemas "${PROJECT_SOURCE_DIR}/include/bide/json/*.json")
install(
  FILES ${bide_schemas}
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/bide/json"
  COMPONENT bide_json)

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
