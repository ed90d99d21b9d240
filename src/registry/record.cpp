// SPDX-License-Identifier: Apache-2.0
#include "registry/record.hpp"

#include "os/module.hpp"
#include "registry/registry.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace curfew::inline v1::detail {

constinit thread_local bool makes_a_worker = false;

record* make_record(std::size_t payload_size, std::size_t payload_align) {
  static_assert(alignof(record) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  const std::size_t align = std::max(alignof(record), payload_align);
  const std::size_t offset = (sizeof(record) + payload_align - 1) / payload_align * payload_align;
  const std::size_t size = offset + payload_size;
  void* const memory =
      align <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? ::operator new(size) : ::operator new (size, std::align_val_t{align});
  auto* const r = ::new (memory) record;
  r->payload = static_cast<char*>(memory) + offset;
  r->allocated_align = align;
  r->is_worker.store(makes_a_worker);
  return r;
}

void retain(record& r) noexcept { r.references.fetch_add(1, std::memory_order_relaxed); }

void release(record* r) noexcept {
  // Release and acquire: what any owner wrote is seen by the one that destroys.
  if (r->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::size_t align = r->allocated_align;
  void* const pins[] = {r->pins[0], r->pins[1]};
  std::destroy_at(r);
  // Last: the destructor of the exception it kept may be code of the module.
  for (void* pin : pins) os::unpin_module(pin);
  if (align <= __STDCPP_DEFAULT_NEW_ALIGNMENT__)
    ::operator delete(static_cast<void*>(r));
  else
    ::operator delete (static_cast<void*>(r), std::align_val_t{align});
}

void release_modules(record& r) noexcept {
  if (r.pins[0] == nullptr && r.pins[1] == nullptr) return;
  r.exception = nullptr;
  void* pins[2] = {};
  {
    const lock_registry lock;
    r.created_at = {};  // its texts lie in the module
    std::ranges::swap(pins, r.pins);
  }
  for (void* pin : pins) os::unpin_module(pin);
}

waiting::waiting(const record* whom) noexcept : self_(own_record_if_known()) {
  if (self_ == nullptr) return;
  self_->waits.store(self_->waits.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  // By number, not by pointer: who follows the chain need not fear that a record goes away.
  if (whom != nullptr) for_thread(whom->number + 1);
}

void waiting::for_thread(std::uint64_t one_more) noexcept {
  if (self_ == nullptr) return;
  self_->joins.store(one_more);
  if (one_more != 0) note_change();  // an exit that waits may now see that it waits in a cycle
}

waiting::~waiting() {
  if (self_ == nullptr) return;
  self_->waits.store(self_->waits.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  self_->joins.store(0, std::memory_order_relaxed);
}

constinit std::atomic<bool> daemons_never_end{false};

namespace {

bool is_live_daemon(const record& r) noexcept { return r.daemon() && r.list == listed::live; }

const record* numbered_locked(std::uint64_t number) noexcept {
  for (const listed list : {listed::live, listed::ended, listed::unreaped})
    for (const record* r = first_locked(list); r != nullptr; r = r->next)
      if (r->number == number) return r;
  return nullptr;
}

/// Does it join the exiting thread, or one that `ends_it`, or a thread that does so in turn?
template <class Ends>
bool joins_lead_locked(const record& r, const record* exiting, Ends ends_it) noexcept {
  const record* at = &r;
  // A chain longer than this is a cycle that none of those is part of.
  for (int hops = 0; hops < 1000; ++hops) {
    const std::uint64_t next = at->joins.load(std::memory_order_relaxed);
    if (next == 0) return false;
    if (exiting != nullptr && next - 1 == exiting->number) return true;
    at = numbered_locked(next - 1);
    if (at == nullptr) return false;
    if (ends_it(*at)) return true;
  }
  return false;
}

}  // namespace

bool waits_in_a_cycle_locked(const record& r, const record* self) noexcept {
  return self != nullptr && joins_lead_locked(r, self, [](const record&) { return false; });
}

bool waits_for_the_exit_locked(const record& r, const record* exiting) noexcept {
  if (r.waits_for_lock_of_exit.load()) return true;
  return joins_lead_locked(r, exiting, [](const record& x) {
    return x.in_exit.load() || x.waits_for_lock_of_exit.load() || (daemons_never_end.load() && is_live_daemon(x));
  });
}

bool joins_a_daemon_locked(const record& r) noexcept { return joins_lead_locked(r, nullptr, &is_live_daemon); }

}  // namespace curfew::inline v1::detail
