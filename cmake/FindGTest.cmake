# SPDX-License-Identifier: Apache-2.0
# find_package(GTest): the installed GoogleTest or, where that was built against another C++ runtime, its source.
set(CURFEW_GOOGLETEST_SOURCE "" CACHE PATH "Where GoogleTest's source lies; empty: the installed library is used")

if(NOT CURFEW_GOOGLETEST_SOURCE)
  find_package(GTest CONFIG QUIET)
elseif(NOT TARGET GTest::gtest_main)
  set(BUILD_GMOCK OFF)
  set(INSTALL_GTEST OFF)
  # Always an archive: a shared GoogleTest would have to be found at run time.
  set(curfew_shared_libs "${BUILD_SHARED_LIBS}")
  set(BUILD_SHARED_LIBS OFF)
  add_subdirectory(${CURFEW_GOOGLETEST_SOURCE} ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
  set(BUILD_SHARED_LIBS "${curfew_shared_libs}")
endif()

include(FindPackageHandleStandardArgs)
if(TARGET GTest::gtest_main)
  set(curfew_gtest_target GTest::gtest_main)
endif()
find_package_handle_standard_args(GTest REQUIRED_VARS curfew_gtest_target)
