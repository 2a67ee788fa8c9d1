# SPDX-License-Identifier: MIT
# The single headers of cmake/amalgamate.sh: made, compiled with all warnings, linked, run.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

find_program(sh sh REQUIRED)
set(compile "${COMPILER}" ${plain_flags} ${dev_flags} "-I${WORK_DIR}")

# make(<file> <header>...)
macro(make file)
  run("make ${file}" "${sh}" "${SOURCE_DIR}/cmake/amalgamate.sh" ${ARGN})
  file(WRITE "${WORK_DIR}/${file}" "${output}")
  file(READ "${SOURCE_DIR}/LICENSE" license)
  string(REGEX REPLACE "\n// ?" "\n" uncommented "${output}")
  foreach(wanted IN ITEMS "bide ${VERSION} in one header:" "${license}")
    string(FIND "${uncommented}" "${wanted}" position)
    if(position EQUAL -1)
      message(FATAL_ERROR "${file} does not say: ${wanted}")
    endif()
  endforeach()
  string(REGEX MATCHALL "\n// ---- [^\n]*" sections "${output}")
  set(once ${sections})
  list(REMOVE_DUPLICATES once)
  if(sections STREQUAL "" OR NOT sections STREQUAL once)
    message(FATAL_ERROR "${file} repeats a header: ${sections}")
  endif()
  # Only standard headers, each once and in order, except what one system alone has.
  string(REGEX REPLACE "\n\n// ---- .*" "\n" head "${output}")
  string(REGEX MATCHALL "#include [^\n]*" includes "${head}")
  set(sorted ${includes})
  list(SORT sorted)
  list(REMOVE_DUPLICATES sorted)
  if(includes STREQUAL "" OR NOT includes STREQUAL sorted OR output MATCHES "#include [<\"]bide/")
    message(FATAL_ERROR "${file} includes: ${includes}")
  endif()
endmacro()

make(bide.hpp)
make(bide_all.hpp ${parts})

# Twice in one source, and in two sources of one program; the other one, and include/, may meet it.
run("build" ${compile} "${here}/single_header/main.cpp" "${here}/single_header/other.cpp" -o
    "${WORK_DIR}/app")
run("run" "${WORK_DIR}/app")
if(NOT output STREQUAL "waits: 2, gate let in: 3, 503: overloaded, exhausted\n")
  message(FATAL_ERROR "it printed: ${output}")
endif()
run("beside include/" ${compile} "-I${SOURCE_DIR}/include" -fsyntax-only -include bide.hpp -include
    bide/gate.hpp -include bide_all.hpp "${here}/single_header/other.cpp")

must_fail("a header that is not there" "amalgamate: there is no bide/nothing.hpp" "${sh}"
          "${SOURCE_DIR}/cmake/amalgamate.sh" bide/nothing.hpp)
