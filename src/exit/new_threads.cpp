// SPDX-License-Identifier: Apache-2.0
#include "exit/new_threads.hpp"

#include "os/clock.hpp"
#include "os/tasks.hpp"

#include <chrono>
#include <initializer_list>

namespace curfew::inline v1::detail {

void name_the_new(std::span<os::freeze_cell* const> cells, std::span<thread_info> known,
                  std::span<thread_info> reported) noexcept {
  const auto limit = os::now_steady() + std::chrono::seconds(1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (reported[i].native_id != 0) continue;
    const auto& id = cells[i]->tid;
    while (id.load() == 0 && os::now_steady() < limit) os::pause_for(std::chrono::microseconds(50));
    char buffer[16];
    for (thread_info* info : {&known[i], &reported[i]}) {
      info->native_id = id.load();
      if (info->native_id != 0 && info->name.empty()) info->name = os::name_of_task(info->native_id, buffer);
    }
  }
}

}  // namespace curfew::inline v1::detail
