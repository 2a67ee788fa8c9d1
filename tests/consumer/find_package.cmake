# SPDX-License-Identifier: MIT
# find_package of what consumer/install installed: components, versions, and what it says if not.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

list(APPEND configure "-DCMAKE_PREFIX_PATH=${PREFIX}" -S "${here}/find_package")
set(configure_only ${configure} -DLANGUAGES=NONE)

run("configure" ${configure} -B "${WORK_DIR}/build" -DCOMPONENTS=core,curl,json)
run("build" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
run_app("run" ", libcurl/.*, \"done\"" "${WORK_DIR}/build/app")
run("no components" ${configure_only} -B "${WORK_DIR}/core")

must_fail("an unknown component" "bide has no component 'crul'; it has: core, curl, json"
          ${configure_only} -B "${WORK_DIR}/unknown" -DCOMPONENTS=core,crul)
run("optional components" ${configure_only} -B "${WORK_DIR}/optional" -DOPTIONAL=core,crul,curl
    -DMISSING=CURL)
foreach(line IN ITEMS "core: TRUE" "crul: FALSE" "curl: FALSE")
  if(NOT output MATCHES "optional ${line}")
    message(FATAL_ERROR "${CASE}: no 'optional ${line}' in:\n${output}")
  endif()
endforeach()
foreach(pair IN ITEMS "curl CURL 7.84" "json nlohmann_json 3.9")
  string(REGEX MATCHALL "[^ ]+" pair "${pair}")
  list(POP_FRONT pair component package version)
  must_fail("a missing ${package}"
            "bide: component '${component}' needs ${package} ${version} or newer, which was not found"
            ${configure_only} -B "${WORK_DIR}/without_${component}" -DCOMPONENTS=${component}
            -DMISSING=${package})
endforeach()

# While the major version is 0, each minor version may break the interface.
string(REGEX MATCHALL "[0-9]+" parts "${VERSION}")
list(POP_FRONT parts major minor patch)
math(EXPR next_patch "${patch} + 1")
math(EXPR next_minor "${minor} + 1")
math(EXPR next_major "${major} + 1")
foreach(wanted IN ITEMS ${major}.${minor} ${VERSION})
  run("version ${wanted}" ${configure_only} -B "${WORK_DIR}/wanted" -DREQUESTED=${wanted})
endforeach()
foreach(wanted IN ITEMS ${major}.${minor}.${next_patch} ${major}.${next_minor} ${next_major}.0)
  must_fail("version ${wanted}"
            "compatible with requested version \"${wanted}\".*bideConfig.cmake, version: ${VERSION}"
            ${configure_only} -B "${WORK_DIR}/refused" -DREQUESTED=${wanted})
endforeach()

# The same rule from the other side: the next minor version is no substitute for this one.
file(COPY "${PREFIX}/share" DESTINATION "${WORK_DIR}/next")
set(version_file "${WORK_DIR}/next/share/cmake/bide/bideConfigVersion.cmake")
file(READ "${version_file}" text)
string(REPLACE "${VERSION}" "${major}.${next_minor}.0" text "${text}")
file(WRITE "${version_file}" "${text}")
list(TRANSFORM configure_only REPLACE "^-DCMAKE_PREFIX_PATH=.*" "-DCMAKE_PREFIX_PATH=${WORK_DIR}/next")
must_fail("version ${major}.${minor} of the next one"
          "compatible with requested version \"${major}.${minor}\".*version: ${major}.${next_minor}.0"
          ${configure_only} -B "${WORK_DIR}/refused_next" -DREQUESTED=${major}.${minor})
