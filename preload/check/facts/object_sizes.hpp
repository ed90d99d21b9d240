// SPDX-License-Identifier: Apache-2.0
// How large the static objects at given addresses are, from the symbol tables of the modules they lie in.
#pragma once

#include <cstdint>

namespace curfew::check {

/// The object lies in a module's data, and its module says nothing of its size.
inline constexpr std::uint64_t unknown_size = ~std::uint64_t{0};

/// Notes which modules there are. The C library's, the loader's and this one's objects are not looked at.
void load_object_sizes() noexcept;
/// 0 when the address is in no module's data. `limit`: where the next thing begins that the module names, for an object
/// of unknown size.
void measure_object(std::uint64_t address, std::uint64_t& size, std::uint64_t& limit) noexcept;

/// The modules' data, as noted by `load_object_sizes`.
struct memory_range {
  std::uint64_t begin, end;
};
/// The data around an address that stays writable; empty when it is in no module's data or there is too much of it.
memory_range writable_data_around(std::uint64_t address) noexcept;
/// The writable data of the module that a function belongs to; empty as above.
memory_range writable_data_of(std::uint64_t function) noexcept;
/// Does it lie in a module's code or data?
bool is_in_a_module(std::uint64_t address) noexcept;
/// The object that a symbol says is at the address.
bool object_around(std::uint64_t address, std::uint64_t& begin, std::uint64_t& size) noexcept;
/// The writable data of the module to which a function belongs that the compiler made to destroy an array; 0, 0 for any
/// other function.
memory_range data_of_array_destructor(std::uint64_t function) noexcept;
unsigned data_range_count() noexcept;
memory_range data_range(unsigned) noexcept;

/// Where the code of the library of a dlopen handle lies, and its path, the loader's own text. False for the program
/// itself.
bool library_range(void* handle, std::uint64_t& begin, std::uint64_t& end, const char*& path) noexcept;
bool is_loaded(std::uint64_t begin) noexcept;

}  // namespace curfew::check
