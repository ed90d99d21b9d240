# SPDX-License-Identifier: Apache-2.0
# GTest::gtest_main, from the system or, where the system's was built against another C++ runtime, from its source.
set(CURFEW_GOOGLETEST_SOURCE "" CACHE PATH "Where GoogleTest's source lies; empty: the installed library is used")

if(NOT CURFEW_GOOGLETEST_SOURCE)
  find_package(GTest REQUIRED)
elseif(NOT TARGET GTest::gtest_main)
  set(BUILD_GMOCK OFF)
  set(INSTALL_GTEST OFF)
  # Always an archive: a shared GoogleTest would have to be found at run time.
  set(curfew_shared_libs "${BUILD_SHARED_LIBS}")
  set(BUILD_SHARED_LIBS OFF)
  add_subdirectory(${CURFEW_GOOGLETEST_SOURCE} ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
  set(BUILD_SHARED_LIBS "${curfew_shared_libs}")
endif()
