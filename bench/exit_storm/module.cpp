// SPDX-License-Identifier: Apache-2.0
// A shared library to load and unload.
#include <string>

extern "C" [[gnu::visibility("default")]] std::string module_word;
std::string module_word = "a word with a destructor, too long for the string's own room";
