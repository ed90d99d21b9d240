// SPDX-License-Identifier: Apache-2.0
// Symbols of the libraries that are loaded, read from their own tables. Not by dlsym: that takes the loader's lock,
// which a thread inside dlopen may hold while it waits for us, and it frees the text of the program's last error, by
// way of our own `free`.
//
// Async-signal-safe. The loader's list of libraries is read without its lock: what belongs to a library that is being
// closed meanwhile is read by a system call that fails, instead of by an access that crashes.
#pragma once

namespace curfew::check {

/// From now on libraries may be closed while they are read. Until then, before main, they are read directly.
void libraries_may_be_closed() noexcept;

/// The definition after this library in the order of the loader, as RTLD_NEXT would give it; null: none. `version`:
/// that one if it is there, otherwise the default one.
void* next_symbol(const char* name, const char* version) noexcept;

/// The first definition among all libraries, as RTLD_DEFAULT would give it at start-up; null: none.
void* any_symbol(const char* name) noexcept;

/// What code at that address would have called if this library were not there: looked for in its own library, then in
/// those that it needs, nearest first, then anywhere. For what comes into the process by dlopen with RTLD_LOCAL.
/// `name` has to be the same pointer each time: what was found is remembered by it.
void* symbol_for_caller(const void* caller, const char* name) noexcept;
/// A library is being closed: nothing that was remembered holds any more.
void forget_symbols() noexcept;

}  // namespace curfew::check
