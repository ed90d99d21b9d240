# SPDX-License-Identifier: Apache-2.0
# curfew_needs(found WHAT DEBIAN package [WITHOUT option]): stops with what to install where `found` is not true.
function(curfew_needs found what)
  cmake_parse_arguments(PARSE_ARGV 2 needs "" "DEBIAN;WITHOUT" "")
  if(found)
    return()
  endif()
  set(text "curfew: ${what} was not found. On Debian: apt-get install ${needs_DEBIAN}.")
  if(needs_WITHOUT)
    string(APPEND text " To build without it: -D${needs_WITHOUT}=OFF.")
  endif()
  message(FATAL_ERROR "${text}")
endfunction()
