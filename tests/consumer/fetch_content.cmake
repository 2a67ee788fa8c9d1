# SPDX-License-Identifier: MIT
# FetchContent of a release archive, by address and hash.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

# A release archive holds tests and examples too: they must not be built, nor their packages asked for.
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E tar cfz "${WORK_DIR}/bide.tar.gz" CMakeLists.txt CMakePresets.json
          LICENSE cmake include tests examples
  WORKING_DIRECTORY "${SOURCE_DIR}" COMMAND_ERROR_IS_FATAL ANY)
file(SHA256 "${WORK_DIR}/bide.tar.gz" hash)
list(JOIN dev_flags " " flags)

run("configure" ${configure} -S "${here}/fetch_content" -B "${WORK_DIR}/build"
    "-DCMAKE_CXX_FLAGS=${flags}" "-DEXPECTED_CXX_FLAGS=${flags}"
    "-DBIDE_URL=file://${WORK_DIR}/bide.tar.gz" "-DBIDE_SHA256=${hash}")
run("build with warnings as errors, headers not SYSTEM" "${CMAKE_COMMAND}" --build
    "${WORK_DIR}/build")
run_app("run" "" "${WORK_DIR}/build/app")
run_app("run with bide::curl" ", libcurl/.*" "${WORK_DIR}/build/app_curl")
run("install" "${CMAKE_COMMAND}" --install "${WORK_DIR}/build" --prefix "${WORK_DIR}/prefix")
file(GLOB_RECURSE installed RELATIVE "${WORK_DIR}/prefix" "${WORK_DIR}/prefix/*")
if(NOT installed STREQUAL "bin/app")
  message(FATAL_ERROR "the parent's install rule should only install bin/app: ${installed}")
endif()
cmake_path(GET CMAKE_COMMAND PARENT_PATH bin)
run("ctest -N" "${bin}/ctest" --test-dir "${WORK_DIR}/build" -N)
if(NOT output MATCHES "Total Tests: 1\n")
  message(FATAL_ERROR "the parent should have its own test only:\n${output}")
endif()
