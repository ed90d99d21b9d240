// SPDX-License-Identifier: Apache-2.0
// What is read in a module's own tables is what the C library's dladdr1 says, which takes a thousand times as long.
#include "os/loaded_module_linux.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>

#include <string>

namespace {

using curfew::detail::os::module_of;
using curfew::detail::os::size_of_function;

std::size_t size_by_dladdr(const void* function) {
  Dl_info info;
  const ElfW(Sym)* symbol = nullptr;
  if (::dladdr1(function, &info, reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)), RTLD_DL_SYMENT) == 0)
    return 0;
  return symbol == nullptr ? 0 : symbol->st_size;
}

TEST(LoadedModule, says_how_long_a_function_of_the_c_library_is) {
  for (const char* name : {"pthread_cond_clockwait", "fopen", "qsort", "getaddrinfo", "strtol", "sched_yield"}) {
    SCOPED_TRACE(name);
    // The next one, because sanitizers put their own before some.
    const void* const function = ::dlsym(RTLD_NEXT, name);
    ASSERT_NE(function, nullptr);
    EXPECT_NE(size_of_function(function, name), 0U);
    EXPECT_EQ(size_of_function(function, name), size_by_dladdr(function));
  }
}

#if defined(__x86_64__) && defined(__GLIBC__)
TEST(LoadedModule, tells_the_versions_of_a_symbol_apart) {
  const void* const old = ::dlvsym(RTLD_NEXT, "pthread_cond_signal", "GLIBC_2.2.5");
  const void* const today = ::dlvsym(RTLD_NEXT, "pthread_cond_signal", "GLIBC_2.3.2");
  if (old == nullptr || today == nullptr || old == today) GTEST_SKIP() << "this C library has one of them";
  EXPECT_EQ(size_of_function(old, "pthread_cond_signal"), size_by_dladdr(old));
  EXPECT_EQ(size_of_function(today, "pthread_cond_signal"), size_by_dladdr(today));
  EXPECT_NE(size_by_dladdr(old), size_by_dladdr(today));
}
#endif

TEST(LoadedModule, does_not_know_what_is_no_function_of_that_name) {
  const void* const function = ::dlsym(RTLD_NEXT, "fopen");
  EXPECT_EQ(size_of_function(function, "fclose"), 0U);
  EXPECT_EQ(size_of_function(function, "no_such_function"), 0U);
  EXPECT_EQ(size_of_function(function, ""), 0U);
  EXPECT_EQ(size_of_function(static_cast<const char*>(function) + 1, "fopen"), 0U);
  int on_the_stack = 0;
  EXPECT_EQ(size_of_function(&on_the_stack, "fopen"), 0U);
  EXPECT_EQ(module_of(&on_the_stack), nullptr);
  EXPECT_EQ(module_of(nullptr), nullptr);
}

TEST(LoadedModule, is_found_by_its_data_too) {
  // Which no sanitizer stands in front of.
  const link_map* const of_code = module_of(::dlsym(RTLD_NEXT, "gnu_get_libc_version"));
  ASSERT_NE(of_code, nullptr);
  EXPECT_NE(std::string(of_code->l_name).find("libc"), std::string::npos);
  EXPECT_EQ(module_of(stdout), of_code);
}

}  // namespace
