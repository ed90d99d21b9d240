// SPDX-License-Identifier: Apache-2.0
#include "symbols/elfutils.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace curfew::tool {

#define CURFEW_FUNCTION(name) decltype(&::name) name = nullptr;
#include "symbols/elfutils_functions.def"
#undef CURFEW_FUNCTION

namespace {

constexpr const char* library_name = "libdw.so.1";  // which brings libelf

template <class Function>
void find(void* library, const char* name, Function& to) {
  to = reinterpret_cast<Function>(::dlsym(library, name));
  if (to == nullptr) throw std::runtime_error(std::string(library_name) + " has no " + name + ": it is too old");
}

}  // namespace

void load_elfutils() {
  static bool is_loaded = false;
  if (is_loaded) return;
  void* const library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw std::runtime_error(std::string("cannot load ") + library_name +
                             ", which this needs (Debian: libdw1): " + ::dlerror());
#define CURFEW_FUNCTION(name) find(library, #name, name);
#include "symbols/elfutils_functions.def"
#undef CURFEW_FUNCTION
  is_loaded = true;
}

}  // namespace curfew::tool
