# SPDX-License-Identifier: Apache-2.0
# Sets CURFEW_VERSION (0.1.0) and CURFEW_SOVERSION from include/curfew/version.hpp, the one place that has them.
set(curfew_version_header ${CMAKE_CURRENT_LIST_DIR}/../include/curfew/version.hpp)
file(STRINGS ${curfew_version_header} curfew_version_lines REGEX "^#define CURFEW_(VERSION_(MAJOR|MINOR|PATCH)|SOVERSION) [0-9]+$")
list(LENGTH curfew_version_lines curfew_version_count)
if(NOT curfew_version_count EQUAL 4)
  message(FATAL_ERROR "curfew: ${curfew_version_header} has ${curfew_version_count} of the four numbers of the version")
endif()
foreach(line IN LISTS curfew_version_lines)
  string(REGEX MATCH "CURFEW_([A-Z_]+) ([0-9]+)" ignored "${line}")
  set(curfew_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()
set(CURFEW_VERSION ${curfew_VERSION_MAJOR}.${curfew_VERSION_MINOR}.${curfew_VERSION_PATCH})
set(CURFEW_SOVERSION ${curfew_SOVERSION})
# A change of the header is seen by the next build.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${curfew_version_header})
