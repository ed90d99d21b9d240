# SPDX-License-Identifier: Apache-2.0
# curfew_check_test(NAME TARGET [ARGS word...] [FAIL_ON what...] [SUPPRESSIONS file] [JUNIT file] [SARIF file]
#                   [OPTIONS word...])
#
# Adds the test NAME, which runs the program TARGET with ARGS under `curfew check`. It fails where something is found
# (exit status 66), or where the program itself fails. FAIL_ON, SUPPRESSIONS, JUNIT and SARIF are the options of that name,
# OPTIONS any others. SUPPRESSIONS is named from the current source folder, what is written from the binary one. The test has the label `curfew`.
function(curfew_check_test name target)
  cmake_parse_arguments(PARSE_ARGV 2 given "" "SUPPRESSIONS;JUNIT;SARIF" "ARGS;FAIL_ON;OPTIONS")
  if(given_UNPARSED_ARGUMENTS OR given_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "curfew_check_test(${name} ${target}): unknown, or without a value: "
                        "${given_UNPARSED_ARGUMENTS} ${given_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "curfew_check_test(${name} ${target}): there is no target ${target}")
  endif()
  if(NOT CURFEW_COMMAND)
    message(FATAL_ERROR "curfew_check_test(${name} ${target}): the command curfew was not found; install it with the "
                        "library, or set CURFEW_COMMAND")
  endif()
  set(options ${given_OPTIONS})
  foreach(what IN LISTS given_FAIL_ON)
    list(APPEND options --fail-on ${what})
  endforeach()
  if(given_SUPPRESSIONS)
    cmake_path(ABSOLUTE_PATH given_SUPPRESSIONS BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND options --suppressions ${given_SUPPRESSIONS})
  endif()
  foreach(form JUNIT SARIF)
    if(given_${form})
      cmake_path(ABSOLUTE_PATH given_${form} BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
      string(TOLOWER ${form} option)
      list(APPEND options --${option} ${given_${form}})
    endif()
  endforeach()
  add_test(NAME ${name} COMMAND ${CURFEW_COMMAND} check ${options} -- $<TARGET_FILE:${target}> ${given_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS curfew)
endfunction()
