# SPDX-License-Identifier: Apache-2.0
# curfew_precompiled(target header...): most of the time that a file takes goes into the standard headers. They are compiled
# once for each target with CURFEW_PRECOMPILE. Not <iostream>: it brings a static of its own.
option(CURFEW_PRECOMPILE "Compile the standard headers once for each target: quicker from nothing" OFF)

function(curfew_precompiled target)
  if(CURFEW_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# curfew_precompiled_as(target other): the same as another target of the same flags has.
function(curfew_precompiled_as target other)
  if(CURFEW_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${other})
  endif()
endfunction()
