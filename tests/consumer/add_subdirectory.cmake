# SPDX-License-Identifier: MIT
# add_subdirectory of a copy, which a git submodule is too.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

run("configure" ${configure} -S "${here}/add_subdirectory" -B "${WORK_DIR}/build"
    "-DBIDE_SOURCE_DIR=${SOURCE_DIR}")
run("build" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
run_app("run" "" "${WORK_DIR}/build/app")
run("install" "${CMAKE_COMMAND}" --install "${WORK_DIR}/build" --prefix "${WORK_DIR}/prefix")
foreach(file IN ITEMS include/bide/bide.hpp share/cmake/bide/bideConfig.cmake
                      share/cmake/sms/sms-targets.cmake)
  if(NOT EXISTS "${WORK_DIR}/prefix/${file}")
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()
