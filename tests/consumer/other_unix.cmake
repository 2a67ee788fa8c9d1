# SPDX-License-Identifier: MIT
# The branches of include/bide/detail/platform.hpp for macOS and the BSDs, which use nothing that Linux
# lacks: built here as if it were one of them, and run.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

foreach(system IN ITEMS linux other apple)
  set(as_if "")
  if(NOT system STREQUAL "linux")
    list(APPEND as_if -U__linux__)
  endif()
  if(system STREQUAL "apple")
    list(APPEND as_if -D__APPLE__)
  endif()
  run("build for ${system}" "${COMPILER}" ${plain_flags} ${dev_flags} "-I${SOURCE_DIR}/include"
      ${as_if} "${here}/other_unix/main.cpp" -o "${WORK_DIR}/${system}")
  run("run for ${system}" "${WORK_DIR}/${system}")
  if(NOT output STREQUAL "${system}\n")
    message(FATAL_ERROR "${CASE}: it was built for ${output}")
  endif()
endforeach()
