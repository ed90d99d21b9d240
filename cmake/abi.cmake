# SPDX-License-Identifier: Apache-2.0
# Does the build change what the standard library's types look like? Then its users must, too: they are told by a
# definition (include/curfew/detail/abi.hpp).
include(CheckCXXSourceCompiles)

set(CURFEW_ABI_DEFINITIONS "")
get_directory_property(CMAKE_REQUIRED_DEFINITIONS COMPILE_DEFINITIONS)
list(TRANSFORM CMAKE_REQUIRED_DEFINITIONS PREPEND -D)
check_cxx_source_compiles(
  "#include <string>
   #ifndef _GLIBCXX_DEBUG
   #error none
   #endif
   int main() {}"
  CURFEW_HAS_GLIBCXX_DEBUG)
check_cxx_source_compiles(
  "#include <string>
   #if !defined(_GLIBCXX_USE_CXX11_ABI) || _GLIBCXX_USE_CXX11_ABI != 0
   #error none
   #endif
   int main() {}"
  CURFEW_HAS_OLD_STRINGS)
unset(CMAKE_REQUIRED_DEFINITIONS)
if(CURFEW_HAS_GLIBCXX_DEBUG)
  list(APPEND CURFEW_ABI_DEFINITIONS CURFEW_GLIBCXX_DEBUG)
endif()
if(CURFEW_HAS_OLD_STRINGS)
  list(APPEND CURFEW_ABI_DEFINITIONS CURFEW_GLIBCXX_OLD_STRINGS)
endif()
# For what is compiled here and does not link the library.
add_compile_definitions(${CURFEW_ABI_DEFINITIONS})
