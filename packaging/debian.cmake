# SPDX-License-Identifier: Apache-2.0
# `cpack -G DEB` in a build tree of the preset packages: libcurfew0, libcurfew-dev and curfew. What only Debian wants in a
# package, deb/finish.cmake adds.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME curfew)
set(CPACK_PACKAGE_VENDOR "")
set(CPACK_PACKAGE_CONTACT "curfew developers <curfew@packages.debian.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "every thread of a C++ process gets a defined end")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/deb/finish.cmake)
set(CPACK_COMPONENTS_ALL library development)
if(CURFEW_BUILD_COMMAND)
  list(APPEND CPACK_COMPONENTS_ALL command)
endif()
set(CPACK_COMPONENTS_GROUPING IGNORE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(curfew_about
    "A regular thread is waited for at the end of the program; a daemon is frozen
before static destructors run, wherever it is. Nothing runs into objects that
are destroyed already.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libcurfew${CURFEW_SOVERSION})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
# What programs that link it depend on, and that ldconfig is to run.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/shlibs
     "libcurfew ${CURFEW_SOVERSION} libcurfew${CURFEW_SOVERSION} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/deb/triggers ${CMAKE_CURRENT_BINARY_DIR}/shlibs)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "every thread of a C++ process gets a defined end - shared library
${curfew_about}")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libcurfew-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libcurfew${CURFEW_SOVERSION} (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS curfew)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "every thread of a C++ process gets a defined end - development files
${curfew_about}
.
Headers, lock tracking for programs, and what CMake and pkg-config need.")

set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME curfew)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SHLIBDEPS ON)
# Loaded by name when it is needed (tool/symbols/elfutils.hpp), so it is not found by the look for shared libraries.
set(CPACK_DEBIAN_COMMAND_PACKAGE_DEPENDS "libdw1 (>= 0.185) | libdw1t64")
set(CPACK_DEBIAN_COMMAND_DESCRIPTION "finds and mends faults at the end of multi-threaded programs
curfew run gives the threads of a program that is already built a defined end,
curfew check finds what is wrong with its exit, and curfew dump says where the
threads of a living process are and what they wait for.")
include(CPack)
