// SPDX-License-Identifier: Apache-2.0
#include "check/linux/safe_read.hpp"

#include "check/linux/kernel.hpp"

#include <sys/uio.h>

namespace curfew::check {

bool read_safely(std::uint64_t address, void* to, std::size_t size) noexcept {
  const iovec local{to, size}, remote{reinterpret_cast<void*>(address), size};
  return kernel_call(SYS_process_vm_readv, kernel_call(SYS_gettid), &local, 1, &remote, 1, 0) ==
         static_cast<long>(size);
}

}  // namespace curfew::check
