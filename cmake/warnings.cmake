# SPDX-License-Identifier: Apache-2.0
# curfew_warnings(target): what the project's own code is compiled with.
function(curfew_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(${target} PRIVATE -Wthread-safety)
  endif()
  if(CURFEW_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
