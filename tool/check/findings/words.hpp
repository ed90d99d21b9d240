// SPDX-License-Identifier: Apache-2.0
// What messages are made of.
#pragma once

#include "symbols/symbols.hpp"

#include <string>
#include <vector>

namespace curfew::tool {

/// Is it code of the C library, the C++ library or the loader?
bool is_library_frame(const frame&);
/// Is it code of the curfew that the program uses?
bool is_curfew_frame(const frame&);
/// The first frame of the program's own.
frame first_own(const std::vector<frame>&);
/// "file.cpp:12", "module+0x12".
std::string place_text(const frame&);
/// "`function`", or its place where it has no name.
std::string code_text(const frame&);
/// "`function` at file.cpp:12"; its place alone where it has no name.
std::string code_and_place_text(const frame&);
/// The name of a function, without what stands inside its templates' brackets, if it is too long to be read.
std::string short_name(const std::string& function);
/// A path without its folders; a name between back quotes.
std::string base_name(const std::string& path);
std::string quoted(const std::string& text);
/// "worker-12" and "worker-3" are one kind of thread, as "1_scheduler" and "2_scheduler" are.
std::string name_without_number(const std::string&);
/// "SIGSEGV".
std::string signal_text(std::uint64_t number);

}  // namespace curfew::tool
