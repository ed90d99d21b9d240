// SPDX-License-Identifier: Apache-2.0
// The constant that `curfew dump` looks for (registry/layout.hpp). Every program that links curfew has it.
#include "registry/layout.hpp"

#include "exit/hooks.hpp"
#include "exit/state.hpp"
#include "os/platform.hpp"
#include "registry/registry.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace curfew {
namespace {

using detail::record;

#if defined(_LIBCPP_VERSION)
constexpr auto strings_here = layout::text_form::short_or_long;
constexpr std::uint32_t stop_word_here = 0;
#elif defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI == 0
constexpr auto strings_here = layout::text_form::counted_pointer;
constexpr std::uint32_t stop_word_here = 4;
#else
constexpr auto strings_here = layout::text_form::pointer_and_size;
constexpr std::uint32_t stop_word_here = 4;  // behind the number of owners
#endif

// A record is no type of which the standard says that offsetof can be asked; each compiler that builds curfew can.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

constexpr std::uint32_t in_source(std::size_t offset) {
  return static_cast<std::uint32_t>(offsetof(record, created_at) + offset);
}

}  // namespace

extern "C" {
CURFEW_API extern const layout::registry<const void*> curfew_layout_1;
}

// It is kept where the linker drops what nobody refers to.
#if __has_attribute(retain)
[[gnu::retain]]
#endif
[[gnu::used]] constinit const layout::registry<const void*>
    curfew_layout_1 = {
        .magic = {'c', 'u', 'r', 'f', 'e', 'w', '/', '1'},
        .size = sizeof(layout::registry<const void*>),
        .strings = static_cast<std::uint32_t>(strings_here),
        .ns_per_tick = std::chrono::nanoseconds(std::chrono::system_clock::duration(1)).count(),
        .registry = &detail::places_of_registry,
        .phase = &detail::exit_now.now,
        .runner = &detail::exit_now.runner,
        .status = &detail::exit_now.status,
        .began = &detail::exit_now.began,
        .deadline = &detail::exit_now.deadline,
        .hook = &detail::running_hook_name,
        .steps_done = &detail::exit_now.steps_done,
        .record_size = sizeof(record),
        .next = offsetof(record, next),
        .name = offsetof(record, name),
        .number = offsetof(record, number),
        .parent = offsetof(record, parent),
        .kind = offsetof(record, kind),
        .takes_token = offsetof(record, takes_token),
        .file = in_source(offsetof(source, file)),
        .function = in_source(offsetof(source, function)),
        .code = in_source(offsetof(source, address)),
        .line = in_source(offsetof(source, line)),
        .started_at = offsetof(record, started_at),
        .tid = offsetof(record, cell) + offsetof(detail::os::freeze_cell, tid),
        .begun = offsetof(record, begun),
        .over = offsetof(record, over),
        .waits = offsetof(record, waits),
        .shields = offsetof(record, shields),
        .joins = offsetof(record, joins),
        .in_exit = offsetof(record, in_exit),
        .worker = offsetof(record, is_worker),
        .frozen = offsetof(record, cell) + offsetof(detail::os::freeze_cell, frozen),
        .stop = offsetof(record, stop),
        .stop_word = stop_word_here,
        .stop_mask = 1,
        .unused = 0,
};

#pragma GCC diagnostic pop

#if CURFEW_OS_LINUX
// A note in the file, which stays when its symbols are stripped: registry/layout.hpp.
extern "C" {
[[gnu::visibility("hidden"), gnu::alias("curfew_layout_1")]] extern const layout::registry<const void*>
    curfew_layout_for_note;
}
asm(R"(
  .pushsection .note.curfew, "a", %note
  .balign 4
  .long 7, 8, 1
  .asciz "curfew"
  .balign 4
  .quad curfew_layout_for_note - .
  .popsection
)");
#endif

}  // namespace curfew
