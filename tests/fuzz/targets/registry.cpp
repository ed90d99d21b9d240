// SPDX-License-Identifier: Apache-2.0
// What `curfew dump` reads out of the memory of another process, which may say anything. Here it is the memory of this
// one: the input is the layout, then bytes whose address stands wherever the input has the word `here`.
#include "dump/registry.hpp"
#include "harness.hpp"

#include <unistd.h>

#include <algorithm>

CURFEW_FUZZ_TARGET(registry) {
  using namespace curfew::tool::dump;
  constexpr std::string_view here = "here";
  constexpr std::size_t room = 8192;
  static std::string bytes;
  std::string text(input.substr(0, room));
  bytes.reserve(room);
  // "here" and two bytes of an offset, and two that do not matter, become an address.
  for (std::size_t at = 0; (at = text.find(here, at)) != std::string::npos && at + 8 <= text.size(); at += 8) {
    std::uint16_t offset = 0;
    std::memcpy(&offset, text.data() + at + here.size(), sizeof offset);
    const auto address = reinterpret_cast<std::uint64_t>(bytes.data()) + offset % room;
    std::memcpy(text.data() + at, &address, sizeof address);
  }
  library one;
  std::memcpy(&one.layout, text.data(), std::min(text.size(), sizeof one.layout));
  bytes.assign(text);
  bytes.resize(room);
  // As find_libraries lets them through.
  if (one.layout.record_size > 65536 || one.layout.ns_per_tick <= 0) return;
  memory process(::getpid());
  const raw_registry raw = copy_registry(one, 0, process);
  read_registry(one, raw, process);
}
