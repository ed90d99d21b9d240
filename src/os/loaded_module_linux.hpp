// SPDX-License-Identifier: Apache-2.0
// What the loader knows of the module that an address lies in. Of the Linux back end only.
#pragma once

#include <curfew/forward.hpp>

#include <link.h>

#include <cstddef>

namespace curfew::inline v1::detail::os {

/// The module that the code address lies in; null when the loader knows of none. Where the C library has
/// `_dl_find_object` (glibc 2.35) it takes no lock, and some hundred instructions; elsewhere it is `dladdr1`, which
/// takes the loader's lock and reads the module's whole table of symbols.
const link_map* module_of(const void* code) noexcept;

/// The size in bytes of the function of that name that begins there, by its module's hash table of symbols; 0 when that
/// table does not say. It is of that address also where the module has several versions of the symbol. `dladdr1` could
/// say it too, and reads some thousands of symbols for it.
std::size_t size_of_function(const void* function, const char* name) noexcept;

}  // namespace curfew::inline v1::detail::os
