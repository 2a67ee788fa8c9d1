# SPDX-License-Identifier: MIT
# What tests and examples are built with. None of it reaches a consumer.

set(BIDE_SANITIZE "" CACHE STRING "Sanitizers for tests and examples: 'address;undefined' or 'thread'")
set(BIDE_CHECK_MIRROR FATAL_ERROR
    CACHE STRING "Message kind for a header without its test and the like: WARNING, FATAL_ERROR")

add_library(bide_dev INTERFACE)
target_compile_options(
  bide_dev INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror)
# In a unity build, what is local to one source is in sight of the next.
set(bide_unity "$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>")
target_compile_options(
  bide_dev INTERFACE "$<${bide_unity}:-Wno-shadow>"
                     "$<$<AND:${bide_unity},$<CXX_COMPILER_ID:GNU>>:-Wshadow=local>")
# "text" + std::string is a false alarm of g++ 12 at -O3: https://gcc.gnu.org/bugzilla/105651, fixed in 13.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(bide_dev INTERFACE -Wno-restrict)
endif()
# By default g++ collects garbage from 128 MB on, which takes an eighth of the time of a large source.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(bide_dev INTERFACE --param=ggc-min-heapsize=524288)
endif()

if(BIDE_SANITIZE)
  set(bide_sanitizers ${BIDE_SANITIZE})
  if("undefined" IN_LIST bide_sanitizers)
    list(APPEND bide_sanitizers float-cast-overflow)  # g++ leaves it out of "undefined"
  endif()
  list(JOIN bide_sanitizers "," bide_sanitizers)
  set(bide_sanitize_options "-fsanitize=${bide_sanitizers}" -fno-sanitize-recover=all
                            -fno-omit-frame-pointer)
  target_compile_options(bide_dev INTERFACE ${bide_sanitize_options})
  target_link_options(bide_dev INTERFACE ${bide_sanitize_options})
endif()

# bide_dev_target(<target>): the settings of every target of ours that is compiled.
function(bide_dev_target target)
  get_target_property(type ${target} TYPE)
  if(NOT type MATCHES "^(EXECUTABLE|(STATIC|SHARED|MODULE|OBJECT)_LIBRARY)$")
    return()
  endif()
  target_link_libraries(${target} PRIVATE bide_dev)
  set_target_properties(
    ${target} PROPERTIES CXX_EXTENSIONS OFF
                         RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endfunction()
