// SPDX-License-Identifier: Apache-2.0
#include "registry/record.hpp"

#include "registry/registry.hpp"

#include <algorithm>
#include <memory>
#include <new>

namespace curfew::inline v1::detail {

record* make_record(std::size_t payload_size, std::size_t payload_align) {
  const std::size_t align = std::max(alignof(record), payload_align);
  const std::size_t offset = (sizeof(record) + payload_align - 1) / payload_align * payload_align;
  void* const memory = ::operator new (offset + payload_size, std::align_val_t{align});
  auto* const r = ::new (memory) record;
  r->payload = static_cast<char*>(memory) + offset;
  r->allocated_align = align;
  return r;
}

void retain(record& r) noexcept { r.references.fetch_add(1, std::memory_order_relaxed); }

void release(record* r) noexcept {
  // Release and acquire: what any owner wrote is seen by the one that destroys.
  if (r->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::align_val_t align{r->allocated_align};
  std::destroy_at(r);
  ::operator delete(static_cast<void*>(r), align);
}

waiting::waiting(record* whom) noexcept : self_(own_record_if_known()) {
  if (self_ == nullptr) return;
  self_->waits.fetch_add(1);
  if (whom == nullptr) return;
  {
    const lock_registry lock;
    self_->joins = whom;
  }
  note_change();  // an exit that waits may now see that it waits in a circle
}

waiting::~waiting() {
  if (self_ == nullptr) return;
  self_->waits.fetch_sub(1);
  if (self_->joins == nullptr) return;
  const lock_registry lock;
  self_->joins = nullptr;
}

bool waits_in_a_circle_locked(const record& r, const record* exiting) noexcept {
  if (exiting == nullptr) return false;
  const record* at = r.joins;
  // A chain longer than this is a circle that the exiting thread is not part of.
  for (int hops = 0; at != nullptr && hops < 1000; ++hops, at = at->joins)
    if (at == exiting) return true;
  return false;
}

}  // namespace curfew::inline v1::detail
