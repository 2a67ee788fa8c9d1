# SPDX-License-Identifier: MIT
# The packages that tests and examples need: installed ones first, and one error for all that is
# missing. Downloads only happen if asked for, from pinned addresses with pinned hashes.
#
# To be included from the top directory: imported targets are visible only where they were found.

option(BIDE_FETCH_DEPS "Download Catch2, nlohmann_json and CLI11 if they are not installed" OFF)

set(bide_missing "")
set(bide_missing_notes "")

# bide_need(<package> <target>): notes the package as missing unless the target exists.
function(bide_need package target)
  if(NOT TARGET ${target})
    set(bide_missing ${bide_missing} ${package} PARENT_SCOPE)
  endif()
endfunction()

# bide_fetch(<name> <url> <sha256>): downloads one package into the build tree.
function(bide_fetch name url sha256)
  message(STATUS "bide: fetching ${name} from ${url}")
  FetchContent_Declare(${name} SYSTEM URL "${url}" URL_HASH "SHA256=${sha256}")
  FetchContent_MakeAvailable(${name})
endfunction()

find_package(Threads QUIET)
bide_need(Threads Threads::Threads)

if(NOT TARGET CURL::libcurl)
  find_package(CURL ${bide_libcurl_floor} QUIET)
endif()
bide_need(CURL CURL::libcurl)
if(CURL_VERSION_STRING AND CURL_VERSION_STRING VERSION_LESS bide_libcurl_floor)
  string(APPEND bide_missing_notes "\n  libcurl ${CURL_VERSION_STRING} was found, but bide::curl needs"
                                   " ${bide_libcurl_floor} or newer.")
  list(APPEND bide_missing CURL)
  list(REMOVE_DUPLICATES bide_missing)
endif()

if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json ${bide_nlohmann_json_floor} QUIET CONFIG)
endif()
bide_need(nlohmann_json nlohmann_json::nlohmann_json)

if(BIDE_BUILD_EXAMPLES)
  if(NOT TARGET CLI11::CLI11)
    find_package(CLI11 2.1 QUIET CONFIG)
  endif()
  bide_need(CLI11 CLI11::CLI11)
endif()

if(BIDE_BUILD_TESTS)
  # Catch2's version file refuses another major version, so both are asked for by name.
  foreach(version IN ITEMS 3 2)
    if(NOT TARGET Catch2::Catch2WithMain)
      find_package(Catch2 ${version} QUIET CONFIG)
    endif()
  endforeach()
  bide_need(Catch2 Catch2::Catch2WithMain)
endif()

if(BIDE_FETCH_DEPS AND bide_missing)
  include(FetchContent)
  if("nlohmann_json" IN_LIST bide_missing)
    bide_fetch(nlohmann_json https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
               d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
  endif()
  if("CLI11" IN_LIST bide_missing)
    bide_fetch(CLI11 https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.2.tar.gz
               f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a)
  endif()
  if("Catch2" IN_LIST bide_missing)
    bide_fetch(Catch2 https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz
               c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
    set(Catch2_VERSION 3.7.1)
  endif()
  list(REMOVE_ITEM bide_missing nlohmann_json CLI11 Catch2)
endif()

if(bide_missing)
  set(bide_apt_Threads libc6-dev)
  set(bide_dnf_Threads glibc-devel)
  set(bide_brew_Threads "")
  set(bide_apt_CURL "pkg-config libcurl4-openssl-dev")
  set(bide_dnf_CURL "pkgconf-pkg-config libcurl-devel")
  set(bide_brew_CURL "pkg-config curl")
  set(bide_apt_nlohmann_json nlohmann-json3-dev)
  set(bide_dnf_nlohmann_json json-devel)
  set(bide_brew_nlohmann_json nlohmann-json)
  set(bide_apt_CLI11 libcli11-dev)
  set(bide_dnf_CLI11 cli11-devel)
  set(bide_brew_CLI11 cli11)
  set(bide_apt_Catch2 catch2)
  set(bide_dnf_Catch2 catch-devel)
  set(bide_brew_Catch2 catch2)
  foreach(manager IN ITEMS apt dnf brew)
    set(bide_line_${manager} "")
    foreach(package IN LISTS bide_missing)
      list(APPEND bide_line_${manager} ${bide_${manager}_${package}})
    endforeach()
    list(JOIN bide_line_${manager} " " bide_line_${manager})
  endforeach()
  list(JOIN bide_missing ", " bide_missing_text)
  if(NOT BIDE_FETCH_DEPS)
    set(bide_fetch_hint
        "\n  or:              pass -DBIDE_FETCH_DEPS=ON to download what is not installed (never libcurl)")
  endif()
  message(
    FATAL_ERROR
      "bide: the tests and examples need packages that were not found: ${bide_missing_text}"
      "${bide_missing_notes}"
      "\n  Debian, Ubuntu:  apt-get install ${bide_line_apt}"
      "\n  Fedora:          dnf install ${bide_line_dnf}"
      "\n  macOS:           brew install ${bide_line_brew}"
      "${bide_fetch_hint}"
      "\nThe library itself needs none of them: -DBIDE_BUILD_TESTS=OFF -DBIDE_BUILD_EXAMPLES=OFF")
endif()
