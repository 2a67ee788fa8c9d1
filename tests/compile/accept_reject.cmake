# SPDX-License-Identifier: MIT
# cmake -DCOMPILER=c++ -DSOURCE=file.cpp -DINCLUDES=-Idir;... -P accept_reject.cmake
#
# The file must compile as it is, and with BIDE_EXPECT_ERROR=1 it must be refused with a message that
# matches the expression after `// expect-error: ` in its first lines.
cmake_minimum_required(VERSION 3.25)

file(STRINGS "${SOURCE}" head LIMIT_COUNT 3 REGEX "^// expect-error: ")
string(REGEX REPLACE "^// expect-error: " "" expected "${head}")
if(expected STREQUAL "")
  message(FATAL_ERROR "${SOURCE}: its first line must be `// expect-error: REGEX`")
endif()

foreach(expect_error IN ITEMS 0 1)
  execute_process(
    COMMAND "${COMPILER}" -std=c++20 -fsyntax-only -fmessage-length=0 ${INCLUDES}
            -DBIDE_EXPECT_ERROR=${expect_error} "${SOURCE}"
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(expect_error STREQUAL "0" AND NOT result STREQUAL "0")
    message(FATAL_ERROR "the accepting half does not compile:\n${output}")
  elseif(expect_error STREQUAL "1" AND result STREQUAL "0")
    message(FATAL_ERROR "the rejecting half compiles; expected an error like: ${expected}")
  elseif(expect_error STREQUAL "1" AND NOT output MATCHES "${expected}")
    message(FATAL_ERROR "no line of the error matches: ${expected}\nThe compiler said:\n${output}")
  endif()
endforeach()
message(STATUS "accepted and refused as expected: ${expected}")
