# SPDX-License-Identifier: MIT
# The standard library of macOS, on Linux.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

set(compile "${COMPILER}" ${plain_flags} -stdlib=libc++)
file(WRITE "${WORK_DIR}/empty.cpp" "#include <chrono>\nint main() {}\n")
execute_process(COMMAND ${compile} "${WORK_DIR}/empty.cpp" -o "${WORK_DIR}/empty"
                RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
if(NOT result STREQUAL "0")
  message(STATUS "bide: skipped, there is no libc++ (Debian: libc++-14-dev libc++abi-14-dev)")
  return()
endif()

list(APPEND compile ${dev_flags} "-I${SOURCE_DIR}/include")
run("build" ${compile} "${here}/main.cpp" -o "${WORK_DIR}/app")
run_app("run" "" "${WORK_DIR}/app")
# std::stop_token and the algorithms of std::ranges are younger there than version 14.
list(REMOVE_ITEM parts bide/stop_token.hpp bide/observe.hpp)
write_includes("${WORK_DIR}/parts.cpp" ${parts})
run("the parts that need no library" ${compile} -fsyntax-only "${WORK_DIR}/parts.cpp")
