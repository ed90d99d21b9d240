// SPDX-License-Identifier: Apache-2.0
#include "check/exit/registrations.hpp"

#include "check/memory/own_accesses.hpp"

#include <algorithm>
#include <atomic>

namespace curfew::check {
namespace {

constexpr std::uint32_t max_registrations = 1U << 16;
constinit registration registrations[max_registrations]{};
constinit std::atomic<std::uint32_t> registered{0};

}  // namespace

registration* new_registration(void (*function)(void*), void* argument) noexcept {
  std::uint32_t index = registered.load();
  do {
    if (index >= max_registrations) {
      // Programs that open and close libraries for ever: take the place of one that has run.
      index = 0;
      while (index < max_registrations && registrations[index].function != nullptr) ++index;
      if (index == max_registrations) return nullptr;
      break;
    }
  } while (!registered.compare_exchange_weak(index, index + 1));
  registrations[index] = {function, argument, 0, false, {0, 0}};
  return &registrations[index];
}

std::uint64_t measure_late(registration& what) noexcept {
  if (what.argument == nullptr) {
    what.array = data_of_array_destructor(reinterpret_cast<std::uint64_t>(what.function));
    return 0;
  }
  std::uint64_t size = 0, limit = 0;
  measure_object(reinterpret_cast<std::uint64_t>(what.argument), size, limit);
  what.size = size == unknown_size ? std::min<std::uint64_t>(limit, 24) : size;
  return size;
}

void measure_objects() noexcept {
  const std::uint32_t count = std::min(registered.load(), max_registrations);
  load_object_sizes();
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& what = registrations[i];
    if (what.function == nullptr) continue;
    if (what.argument == nullptr) {
      what.array = data_of_array_destructor(reinterpret_cast<std::uint64_t>(what.function));
      continue;
    }
    const auto begin = reinterpret_cast<std::uint64_t>(what.argument);
    std::uint64_t limit = 0;
    measure_object(begin, what.size, limit);
    if (what.size != unknown_size) continue;
    // Where there is no symbol: at most so much as does not reach into the next object.
    for (std::uint32_t k = 0; k < count; ++k)
      if (const auto other = reinterpret_cast<std::uint64_t>(registrations[k].argument); other > begin)
        limit = std::min(limit, other - begin);
    what.size = std::min(limit, max_measured);
    what.guessed = true;
  }
}

}  // namespace curfew::check
