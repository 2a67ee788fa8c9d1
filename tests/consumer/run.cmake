# SPDX-License-Identifier: MIT
# cmake -DCASE=fetch_content|find_package -D... -P run.cmake (see CMakeLists.txt)
cmake_minimum_required(VERSION 3.25)

# run(<text> <command>...): the command must succeed; its output goes to ${output}.
macro(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result STREQUAL "0")
    message(FATAL_ERROR "${CASE}: ${what} failed (${result}):\n${output}")
  endif()
  message(STATUS "${CASE}: ${what}: ok")
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

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(consumer "${SOURCE_DIR}/tests/consumer/${CASE}")
set(configure "${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
              --no-warn-unused-cli)

if(CASE STREQUAL "fetch_content")
  # A release archive holds tests and examples too: they must not be built, nor their packages asked for.
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E tar cfz "${WORK_DIR}/bide.tar.gz" CMakeLists.txt
            CMakePresets.json LICENSE cmake include tests examples
    WORKING_DIRECTORY "${SOURCE_DIR}" COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 "${WORK_DIR}/bide.tar.gz" hash)
  set(flags "-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror")

  run("configure" ${configure} -S "${consumer}" -B "${WORK_DIR}/build" "-DCMAKE_CXX_FLAGS=${flags}"
      "-DEXPECTED_CXX_FLAGS=${flags}" "-DBIDE_URL=file://${WORK_DIR}/bide.tar.gz"
      "-DBIDE_SHA256=${hash}")
  run("build with warnings as errors, headers not SYSTEM" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
  run("run" "${WORK_DIR}/build/app")
  run("run with bide::curl" "${WORK_DIR}/build/app_curl")
  run("install" "${CMAKE_COMMAND}" --install "${WORK_DIR}/build" --prefix "${WORK_DIR}/prefix")
  file(GLOB_RECURSE installed RELATIVE "${WORK_DIR}/prefix" "${WORK_DIR}/prefix/*")
  if(NOT installed STREQUAL "bin/app")
    message(FATAL_ERROR "the parent's install rule should only install bin/app: ${installed}")
  endif()
  get_filename_component(bin "${CMAKE_COMMAND}" DIRECTORY)
  run("ctest -N" "${bin}/ctest" --test-dir "${WORK_DIR}/build" -N)
  if(NOT output MATCHES "Total Tests: 1\n")
    message(FATAL_ERROR "the parent should have its own test only:\n${output}")
  endif()

elseif(CASE STREQUAL "find_package")
  run("install" "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${WORK_DIR}/staged")
  file(RENAME "${WORK_DIR}/staged" "${WORK_DIR}/prefix")  # a package has to survive a move
  list(APPEND configure "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix")

  run("configure" ${configure} -S "${consumer}" -B "${WORK_DIR}/build" -DCOMPONENTS=curl)
  run("build" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
  run("run" "${WORK_DIR}/build/app")
  run("configure without components" ${configure} -S "${consumer}" -B "${WORK_DIR}/core")
  run("build without components" "${CMAKE_COMMAND}" --build "${WORK_DIR}/core")
  run("run without components" "${WORK_DIR}/core/app")
  must_fail("an unknown component" "bide has no component 'crul'; it has: curl, json"
            ${configure} -S "${consumer}" -B "${WORK_DIR}/unknown" -DCOMPONENTS=crul)
  must_fail("the next minor version" "compatible with requested version|not accept version|not compatible"
            ${configure} -S "${consumer}" -B "${WORK_DIR}/newer" -DREQUESTED=0.999)

  # The installed headers are those of the source tree, every one.
  foreach(tree IN ITEMS "${SOURCE_DIR}" "${WORK_DIR}/prefix")
    file(GLOB_RECURSE headers RELATIVE "${tree}/include" "${tree}/include/*")
    list(SORT headers)
    if(DEFINED first AND NOT first STREQUAL headers)
      message(FATAL_ERROR "the source tree has\n  ${first}\nbut the installation has\n  ${headers}")
    endif()
    set(first "${headers}")
  endforeach()

else()
  message(FATAL_ERROR "unknown CASE '${CASE}'")
endif()
