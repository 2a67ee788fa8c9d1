# SPDX-License-Identifier: MIT

set(BIDE_BUNDLE_TESTS 0 CACHE STRING "Compile up to so many files of tests as one; 0: each alone")

# bide_bundle(<name> <variable> <sources>...): the sources, but every so many files x_test.cpp are
# replaced by one that includes them: most of the work is to parse what each of them includes and to
# compile the same templates. A file with options of its own stays alone.
function(bide_bundle name variable)
  set(sources ${ARGN})
  set(bundled "")
  if(BIDE_BUNDLE_TESTS)
    foreach(source IN LISTS ARGN)
      get_source_file_property(options "${source}" COMPILE_OPTIONS)
      if(source MATCHES "_test\\.cpp$" AND NOT options)
        list(APPEND bundled "${source}")
      endif()
    endforeach()
    list(REMOVE_ITEM sources ${bundled})
  endif()

  list(LENGTH bundled count)
  set(number 0)
  while(bundled)
    list(LENGTH bundled left)
    math(EXPR bundles "(${count} + ${BIDE_BUNDLE_TESTS} - 1) / ${BIDE_BUNDLE_TESTS} - ${number}")
    math(EXPR size "(${left} + ${bundles} - 1) / ${bundles}")  # about equal shares
    list(SUBLIST bundled 0 ${size} share)
    list(REMOVE_ITEM bundled ${share})
    set(bundle "${CMAKE_CURRENT_BINARY_DIR}/bundles/${name}_${number}.cpp")
    bide_write_bundle("${bundle}" ${share})
    list(APPEND sources "${bundle}")
    math(EXPR number "${number} + 1")
  endwhile()
  set(${variable} "${sources}" PARENT_SCOPE)
endfunction()

# bide_write_bundle(<file> <sources>...): unlike in a unity build, each source is in a namespace, so
# that it may have its own `now` and `policy`; what the sources include comes before all of them.
function(bide_write_bundle file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})  # for what they include
  set(includes "")
  set(scopes "")
  foreach(source IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH source)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET source STEM stem)
    file(STRINGS "${source}" lines REGEX "^#include ")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^#include \"(.*)\".*" "${folder}/\\1" beside "${line}")
      if(EXISTS "${beside}")
        set(line "#include \"${beside}\"")
      endif()
      list(APPEND includes "${line}")
    endforeach()
    string(APPEND scopes "\nnamespace ${stem} {\n#include \"${source}\"\n}\n")
  endforeach()
  list(REMOVE_DUPLICATES includes)
  list(JOIN includes "\n" includes)
  file(CONFIGURE OUTPUT "${file}" CONTENT "${includes}\n${scopes}" @ONLY)
endfunction()
