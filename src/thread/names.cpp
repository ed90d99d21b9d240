// SPDX-License-Identifier: Apache-2.0
#include "thread/names.hpp"

#include "os/small_text.hpp"
#include "os/tasks.hpp"
#include "registry/registry.hpp"

namespace curfew::inline v1::detail {

void show_name(record& r) noexcept {
  os::small_text<64> shown;  // the OS takes 15 bytes
  {
    const lock_registry lock;
    if (r.name.empty())
      shown << "Thread-" << r.number;
    else
      shown << r.name;
  }
  os::name_own_task(shown.view().data(), shown.view().size());
}

void rename(record& r, std::string_view name) {
  check_name(name);
  std::string own(name);
  pid_t tid;
  {
    const lock_registry lock;
    r.name.swap(own);
    tid = r.over.load() == 0 ? r.cell.tid.load() : 0;
  }
  if (tid != 0) os::name_task(tid, name.data(), name.size());
}

}  // namespace curfew::inline v1::detail
