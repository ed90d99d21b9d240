// SPDX-License-Identifier: Apache-2.0
// The families of findings. Each has a file of its own and looks at the events that it is about.
#pragma once

#include "check/findings/interpreter.hpp"

namespace curfew::tool {

void find_unloaded_code(interpreter&);        // unloaded.cpp
void find_uses(interpreter&);                 // uses.cpp
void find_waits_for_nobody(interpreter&);     // waits_for_nobody.cpp
void find_terminations(interpreter&);         // deaths.cpp
void find_crashes(interpreter&);              // deaths.cpp
void find_exits_in_handlers(interpreter&);    // exits.cpp
void find_blocked_exits(interpreter&);        // blocked.cpp
void find_second_exits(interpreter&);         // exits.cpp
void find_late_statics(interpreter&);         // late_statics.cpp
void find_lost_output(interpreter&);          // held.cpp
void find_unrecorded_deaths(interpreter&);    // deaths.cpp
void find_unattributed_writes(interpreter&);  // uses.cpp
void find_held_resources(interpreter&);       // held.cpp
void find_running_threads(interpreter&);      // running.cpp
void find_slow_exits(interpreter&);           // slow.cpp

/// In this order: what explains other things comes first.
inline constexpr void (*families[])(interpreter&) = {
    &find_unloaded_code,     &find_uses,
    &find_waits_for_nobody,  &find_terminations,
    &find_crashes,           &find_exits_in_handlers,
    &find_blocked_exits,     &find_second_exits,
    &find_late_statics,      &find_lost_output,
    &find_unrecorded_deaths, &find_unattributed_writes,
    &find_held_resources,    &find_running_threads,
    &find_slow_exits,
};

}  // namespace curfew::tool
