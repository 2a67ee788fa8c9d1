# SPDX-License-Identifier: MIT
# pkg-config, on what consumer/install installed and then moved.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

find_program(pkg_config NAMES pkg-config pkgconf)
if(NOT pkg_config)
  message(STATUS "bide: skipped, there is no pkg-config")
  return()
endif()
set(pkg_config "${CMAKE_COMMAND}" -E env --modify
               "PKG_CONFIG_PATH=path_list_prepend:${PREFIX}/share/pkgconfig" "${pkg_config}")

# build_with(<name> <flags of the compiler> <modules>...): a program by nothing but pkg-config's words.
macro(build_with name definitions)
  run("flags of ${ARGN}" ${pkg_config} --cflags --libs ${ARGN})
  separate_arguments(flags UNIX_COMMAND "${output}")
  run("build with ${ARGN}" "${COMPILER}" ${plain_flags} ${definitions} "${here}/main.cpp" ${flags} -o
      "${WORK_DIR}/${name}")
endmacro()

build_with(core "" bide)
if(flags MATCHES "curl|nlohmann")
  message(FATAL_ERROR "the core alone asks for more: ${flags}")
endif()
run_app("run" "" "${WORK_DIR}/core")
build_with(all "-DWITH_CURL;-DWITH_JSON" bide-curl bide-json)
run_app("run with all" ", libcurl/.*, \"done\"" "${WORK_DIR}/all")

foreach(module IN ITEMS bide bide-curl bide-json)
  run("version of ${module}" ${pkg_config} --modversion ${module})
  if(NOT output STREQUAL "${VERSION}\n")
    message(FATAL_ERROR "${module} says that it is ${output}")
  endif()
endforeach()
must_fail("a version that is too new" "bide >= 999" ${pkg_config} --print-errors "bide >= 999")
