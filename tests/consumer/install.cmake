# SPDX-License-Identifier: MIT
# What is installed, whole and by component; other cases use the result, which has been moved.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

run("install" "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${WORK_DIR}/staged")
file(REMOVE_RECURSE "${PREFIX}")
file(RENAME "${WORK_DIR}/staged" "${PREFIX}")
without_paths_of_here("${PREFIX}")

# look_at(<prefix>): the headers in ${headers}, all else in ${others}.
macro(look_at prefix)
  file(GLOB_RECURSE headers RELATIVE "${prefix}" "${prefix}/include/*")
  file(GLOB_RECURSE others RELATIVE "${prefix}" "${prefix}/*")
  list(REMOVE_ITEM others ${headers})
  list(SORT headers)
  list(SORT others)
endmacro()

look_at("${SOURCE_DIR}")
set(all_headers "${headers}")
look_at("${PREFIX}")
if(NOT headers STREQUAL all_headers)
  message(FATAL_ERROR "the source tree has\n  ${all_headers}\nbut installed are\n  ${headers}")
endif()
set(package share/cmake/bide)
set(expected
    share/licenses/bide/LICENSE
    share/pkgconfig/bide-curl.pc
    share/pkgconfig/bide-json.pc
    share/pkgconfig/bide.pc
    ${package}/bide-targets.cmake
    ${package}/bideConfig.cmake
    ${package}/bideConfigVersion.cmake
    ${package}/bide_curl-targets.cmake
    ${package}/bide_json-targets.cmake)
list(SORT expected)
if(NOT others STREQUAL expected)
  message(FATAL_ERROR "beside the headers there should be\n  ${expected}\nbut there are\n  ${others}")
endif()

foreach(component IN ITEMS bide bide_curl bide_json)
  set(prefix "${WORK_DIR}/${component}")
  run("install ${component} alone" "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${prefix}"
      --component ${component})
  look_at("${prefix}")
  set(expected "${all_headers}")
  if(component STREQUAL "bide")
    list(FILTER expected EXCLUDE REGEX "^include/bide/(curl|json)[./]")
  else()
    string(REPLACE "bide_" "" part ${component})
    list(FILTER expected INCLUDE REGEX "^include/bide/${part}[./]")
    set(expected_others ${package}/${component}-targets.cmake share/pkgconfig/bide-${part}.pc)
    if(NOT others STREQUAL expected_others)
      message(FATAL_ERROR "component ${component} should bring ${expected_others}, has ${others}")
    endif()
  endif()
  if(NOT headers STREQUAL expected)
    message(FATAL_ERROR "component ${component} should bring\n  ${expected}\nbut has\n  ${headers}")
  endif()
endforeach()

# The core alone is a package that works, and says what it lacks.
run("find_package of the core alone" ${configure} -S "${here}/find_package" -B "${WORK_DIR}/build"
    "-DCMAKE_PREFIX_PATH=${WORK_DIR}/bide" -DLANGUAGES=NONE)
must_fail("a component that is not installed" "bide: component 'curl' is not installed"
          ${configure} -S "${here}/find_package" -B "${WORK_DIR}/build"
          "-DCMAKE_PREFIX_PATH=${WORK_DIR}/bide" -DLANGUAGES=NONE -DCOMPONENTS=curl)
