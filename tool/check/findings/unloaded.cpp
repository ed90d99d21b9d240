// SPDX-License-Identifier: Apache-2.0
// A thread that runs code of a library that was unloaded.
#include "check/findings/families.hpp"

namespace curfew::tool {

void find_unloaded_code(interpreter& in) {
  for (const auto& e : in.record.all<check::library_unloaded>()) {
    if (in.is_caused(e.pid(), e.thread())) continue;
    in.set_caused(e.pid(), e.thread());
    finding f;
    f.kind = "unloaded-code-running";
    f.object.module = base_name(in.record.text(e->path));
    f.threads.push_back(in.involve(e.index, e.thread(), "runs in it", true));
    f.message = in.thread_text(e.thread()) + " runs code of " + f.object.module + ", which dlclose has unloaded";
    f.advice =
        "let the library end its threads before dlclose returns (join them in its destructor), or load it with "
        "RTLD_NODELETE";
    in.add(std::move(f), e.index);
  }
}

}  // namespace curfew::tool
