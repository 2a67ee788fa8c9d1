# SPDX-License-Identifier: MIT
# A copied include/, one call of the compiler, no build system, and neither libcurl nor nlohmann_json.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support.cmake")

file(COPY "${SOURCE_DIR}/include" DESTINATION "${WORK_DIR}")
foreach(header IN ITEMS curl/curl.h nlohmann/json.hpp)
  file(WRITE "${WORK_DIR}/absent/${header}" "#error \"${header} is not installed\"\n")
endforeach()
set(compile "${COMPILER}" ${plain_flags} ${dev_flags} "-I${WORK_DIR}/include" "-I${WORK_DIR}/absent")

run("build" ${compile} "${here}/main.cpp" -o "${WORK_DIR}/app")
run_app("run" "" "${WORK_DIR}/app")
write_includes("${WORK_DIR}/parts.cpp" ${parts})
run("the parts that need no library" ${compile} -fsyntax-only "${WORK_DIR}/parts.cpp")
must_fail("the adapter" "curl/curl.h is not installed" ${compile} -fsyntax-only -DWITH_CURL
          "${here}/main.cpp")
