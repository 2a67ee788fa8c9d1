# SPDX-License-Identifier: MIT
# Compiled and linked for Windows, not run.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

find_program(posix NAMES x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-g++)
find_program(win32 NAMES x86_64-w64-mingw32-g++-win32)
if(NOT posix)
  message(STATUS "bide: skipped, there is no mingw-w64 (Debian: g++-mingw-w64-x86-64-posix)")
  return()
endif()

set(flags ${plain_flags} ${dev_flags} "-I${SOURCE_DIR}/include")
write_includes("${WORK_DIR}/http.cpp" windows.h bide/http.hpp)  # windows.h with all its macros
write_includes("${WORK_DIR}/parts.cpp" windows.h ${parts})

run("the core" "${posix}" ${flags} "${here}/main.cpp" -o "${WORK_DIR}/posix.exe")
run("the parts that need no library" "${posix}" ${flags} -fsyntax-only "${WORK_DIR}/parts.cpp")
must_fail("the other compiler" "#error \"bide needs GCC or Clang" "${posix}" ${flags} -D_MSC_VER=1940 -E
          "${here}/main.cpp")
if(win32)  # its standard library has no mutex, so no gates either
  run("the core, win32 threads" "${win32}" ${flags} "${here}/main.cpp" -o "${WORK_DIR}/win32.exe")
  run("http, win32 threads" "${win32}" ${flags} -fsyntax-only "${WORK_DIR}/http.cpp")
endif()
