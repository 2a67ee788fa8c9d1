# SPDX-License-Identifier: MIT
# Two shared objects in one process, each with its own copy of bide: of one version or of two.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

set(compile "${COMPILER}" ${plain_flags} ${dev_flags})
set(compile_copy ${compile} -fPIC -c "${here}/shared_objects/copy.cpp")

# The next version: a record has a new first member, and the inline namespace another name.
file(COPY "${SOURCE_DIR}/include" DESTINATION "${WORK_DIR}")
file(GLOB_RECURSE headers "${WORK_DIR}/include/*.hpp")
foreach(header IN LISTS headers)
  file(READ "${header}" text)
  string(REPLACE "namespace bide::inline v1" "namespace bide::inline v2" text "${text}")
  string(REPLACE "\nstruct record {" "\nstruct record {\n    double added = 0;" text "${text}")
  file(WRITE "${header}" "${text}")
endforeach()

run("compile main" ${compile} "${here}/shared_objects/main.cpp" -o "${WORK_DIR}/main" -ldl)
run("compile, default visibility" ${compile_copy} "-I${SOURCE_DIR}/include" -o
    "${WORK_DIR}/default.o")
run("compile, hidden visibility" ${compile_copy} "-I${SOURCE_DIR}/include" -fvisibility=hidden
    -fvisibility-inlines-hidden -o "${WORK_DIR}/hidden.o")
run("compile the next version" ${compile_copy} "-I${WORK_DIR}/include" -o "${WORK_DIR}/next.o")
foreach(pair IN ITEMS default=default_a default=default_b hidden=hidden_a hidden=hidden_b next=next)
  string(REPLACE "=" ";" pair "${pair}")
  list(POP_FRONT pair object name)
  run("link ${name}" "${COMPILER}" -shared "${WORK_DIR}/${object}.o" -o "${WORK_DIR}/${name}.so")
endforeach()

# load(<first> <second> <what main prints>): bound locally, as a plugin is, and globally.
macro(load first second expected)
  foreach(binding IN ITEMS local global)
    run("${first} and ${second}, ${binding}" "${WORK_DIR}/main" ${binding} "${WORK_DIR}/${first}.so"
        "${WORK_DIR}/${second}.so")
    if(NOT output STREQUAL "${expected}\n")
      message(FATAL_ERROR "${CASE}: expected\n  ${expected}\nbut main printed\n  ${output}")
    endif()
  endforeach()
endmacro()

set(own "own: gave_up after 2 and 2, 1 and 1 tries")
set(one_version
    "same | ${own} | the other's: gave_up after 2 and 2, 1 and 1 tries | outcome handed over")
load(default_a default_b "${one_version}")
load(hidden_a hidden_b "${one_version}")
load(default_a hidden_b "${one_version}")
# Another version's gave_up is only a runtime_error, and its marks mean nothing.
load(default_a next
     "different | ${own} | the other's: gave_up after -1 and -1, 3 and 3 tries")
