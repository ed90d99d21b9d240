// SPDX-License-Identifier: Apache-2.0
// Statics that are built while the process exits.
#include "check/findings/families.hpp"

namespace curfew::tool {

void find_late_statics(interpreter& in) {
  for (const auto& e : in.record.all<check::static_built>()) {
    // A library of the system builds its statics when it first needs them, and destroys them in turn.
    if (in.is_exiting(e.pid(), e.thread()) && in.object_of(e.index, e->object, e->size).of_system) continue;
    finding f;
    f.kind = "static-built-during-exit";
    f.object = in.object_of(e.index, e->object, e->size);
    f.threads.push_back(in.involve(e.index, e.thread(), "built it", true));
    f.message = in.thread_text(e.thread()) + " built " + interpreter::name_of_object(f.object) + " at " +
                place_text(first_own(f.threads[0].stack)) + " while the process exits" +
                (e.during() >= 0 ? ", in " + in.destructor_text(e.during()) : "");
    f.advice = "use it once before main returns, so that it is older than what needs it at exit, or never destroy it";
    in.add(std::move(f), e.index);
  }
}

}  // namespace curfew::tool
