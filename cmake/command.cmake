# SPDX-License-Identifier: Apache-2.0
# Where the command and the libraries that it preloads lie: in a build tree beside each other, installed apart.
include(GNUInstallDirs)
set(CURFEW_COMMAND_DIR ${PROJECT_BINARY_DIR}/tool)
set(CURFEW_PRELOAD_DIR ${CMAKE_INSTALL_LIBDIR}/curfew)

# From the command's folder, so that an installed tree can be moved.
if(IS_ABSOLUTE "${CURFEW_PRELOAD_DIR}")
  set(CURFEW_PRELOAD_FROM_BIN ${CURFEW_PRELOAD_DIR})
else()
  file(RELATIVE_PATH CURFEW_PRELOAD_FROM_BIN "/${CMAKE_INSTALL_BINDIR}" "/${CURFEW_PRELOAD_DIR}")
endif()
