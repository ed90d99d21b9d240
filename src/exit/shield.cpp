// SPDX-License-Identifier: Apache-2.0
#include "exit/shields.hpp"
#include "exit/state.hpp"
#include "registry/registry.hpp"

namespace curfew::inline v1 {
namespace detail {
namespace {

constinit std::atomic<unsigned> open_count{0};
constinit thread_local unsigned own_count [[gnu::tls_model("initial-exec")]] = 0;

}  // namespace

unsigned shields_of_others() noexcept { return open_count.load() - own_count; }
void reset_shields_after_fork() noexcept { open_count.store(own_count); }

}  // namespace detail

shield::shield() noexcept {
  detail::initialise();
  // Counted first, then looked at the phase; the exit moves the phase first, then looks at the count: one of the two
  // sees the other (both sequentially consistent).
  detail::open_count.fetch_add(1);
  if (detail::own_count == 0 && detail::exit_now.now.load() >= phase::stopping) {
    detail::open_count.fetch_sub(1);
    detail::note_change();
    open_ = false;
    return;
  }
  ++detail::own_count;
  if (detail::record* self = detail::own_record_if_known()) self->shields.fetch_add(1, std::memory_order_relaxed);
}

shield::~shield() {
  if (!open_) return;
  if (detail::record* self = detail::own_record_if_known()) self->shields.fetch_sub(1, std::memory_order_relaxed);
  --detail::own_count;
  detail::open_count.fetch_sub(1);
  if (detail::exit_now.now.load() >= phase::stopping) detail::note_change();
}

}  // namespace curfew::inline v1
