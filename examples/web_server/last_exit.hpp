// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// Reads the report that the last exit has left in `file`, and removes it: the next exit appends to what is there.
std::string take_last_exit(const std::string& file);
