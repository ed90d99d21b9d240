// SPDX-License-Identifier: Apache-2.0
#include "os/streams.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void find_streams() noexcept { missing(); }
bool streams_are_known() noexcept { missing(); }
void lock_stream_list() noexcept { missing(); }
void unlock_stream_list() noexcept { missing(); }
bool write_free_streams(stream_kind, std::span<held_stream>, std::size_t&) noexcept { missing(); }
bool write_if_free(const held_stream&, bool&) noexcept { missing(); }
bool write_without_lock(const held_stream&) noexcept { missing(); }
bool a_stream_is_held() noexcept { missing(); }
void release_streams(bool (*)(pthread_t)) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os
