# SPDX-License-Identifier: MIT
# `all_verify_interface_header_sets` compiles every header alone, under the warnings of bide_dev.

set_property(TARGET bide PROPERTY VERIFY_INTERFACE_HEADER_SETS ON)
if(TARGET CURL::libcurl)
  set_property(TARGET bide_curl PROPERTY VERIFY_INTERFACE_HEADER_SETS ON)
endif()
if(TARGET nlohmann_json::nlohmann_json)
  set_property(TARGET bide_json PROPERTY VERIFY_INTERFACE_HEADER_SETS ON)
endif()

# CMake makes the checking targets at the end of this directory, from its properties as they are
# then. Every directory with other targets has been added by now, so no other target sees this.
if(TARGET bide_dev)
  get_target_property(bide_dev_options bide_dev INTERFACE_COMPILE_OPTIONS)
  set_property(DIRECTORY APPEND PROPERTY COMPILE_OPTIONS ${bide_dev_options})
endif()
