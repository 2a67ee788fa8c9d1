# SPDX-License-Identifier: MIT
# For the cases of this folder; see CMakeLists.txt for the variables that they are given.

set(dev_flags -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror)
set(plain_flags -std=c++20 -O0)

# run(<text> <command>...): the command must succeed; what it prints goes to ${output}.
macro(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result STREQUAL "0")
    message(FATAL_ERROR "${CASE}: ${what} failed (${result}):\n${output}")
  endif()
  message(STATUS "${CASE}: ${what}: ok")
endmacro()

# run_app(<text> <expression> <command>...): runs a build of main.cpp; a matching text must follow.
macro(run_app what expression)
  run("${what}" ${ARGN})
  if(NOT output MATCHES "^bide ${VERSION}: 42 after 3 attempts${expression}\n$")
    message(FATAL_ERROR "${CASE}: ${what} printed: ${output}")
  endif()
endmacro()

# must_fail(<text> <expression> <command>...): the command must fail with a matching message.
macro(must_fail what expression)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " flat "${output}")
  if(result STREQUAL "0" OR NOT flat MATCHES "${expression}")
    message(FATAL_ERROR "${CASE}: ${what} should fail with '${expression}':\n${output}")
  endif()
  message(STATUS "${CASE}: ${what}: refused as expected")
endmacro()

# without_paths_of_here(<folder>): what is installed or handed out names no folder of this machine.
macro(without_paths_of_here folder)
  file(GLOB_RECURSE files "${folder}/*")
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    foreach(path IN ITEMS "${SOURCE_DIR}" "${BUILD_DIR}" "${WORK_DIR}" "${PREFIX}")
      string(FIND "${text}" "${path}" position)
      if(NOT position EQUAL -1)
        message(FATAL_ERROR "${CASE}: ${file} names ${path}")
      endif()
    endforeach()
  endforeach()
endmacro()

# The headers of include/bide/ itself that need no other library.
file(GLOB parts RELATIVE "${SOURCE_DIR}/include" "${SOURCE_DIR}/include/bide/*.hpp")
list(FILTER parts EXCLUDE REGEX "^bide/(curl|json)\\.hpp$")

# write_includes(<file> <header>...)
function(write_includes file)
  list(TRANSFORM ARGN REPLACE ".+" "#include <\\0>\n")
  list(JOIN ARGN "" text)
  file(WRITE "${file}" "${text}")
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(here "${SOURCE_DIR}/tests/consumer")
set(configure "${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
              --no-warn-unused-cli)
