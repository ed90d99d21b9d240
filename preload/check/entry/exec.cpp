// SPDX-License-Identifier: Apache-2.0
// A process that becomes another program: what is then seen of an exit is not this program's.
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/real.hpp"
#include "exported.hpp"

#include <unistd.h>

#include <cstdarg>
#include <cstddef>
#include <cstring>

namespace curfew::check {
namespace {

constinit real_function<int(const char*, char* const*, char* const*)> next_execve("execve");
constinit real_function<int(const char*, char* const*, char* const*)> next_execvpe("execvpe");
constinit real_function<int(int, char* const*, char* const*)> next_fexecve("fexecve");

[[gnu::constructor(102)]] void find_next_functions() {
  next_execve.get();
  next_execvpe.get();
  next_fexecve.get();
}

/// Also in the child of a vfork, which shares this memory: it emits with its own process id.
template <class Exec>
int become(const char* path, Exec exec) noexcept {
  if (record == nullptr) return exec();
  const std::size_t length = path != nullptr ? std::strlen(path) : 0;
  emit(became_other{add_text(path, length)}, known_thread());
  const int result = exec();
  emit(stayed_itself{}, known_thread());
  return result;
}

/// The words of execl and its kin, which end with a null pointer.
constexpr std::size_t most_words = 4096;
std::size_t count_words(const char* first, va_list words) noexcept {
  std::size_t count = 0;
  for (const char* word = first; word != nullptr && count < most_words; word = va_arg(words, const char*)) ++count;
  return count;
}

}  // namespace
}  // namespace curfew::check

using namespace curfew::check;

// NOLINTBEGIN(cert-dcl50-cpp): the C library's own signatures
extern "C" {

CURFEW_EXPORTED int execve(const char* path, char* const* words, char* const* environment) noexcept {
  return become(path, [&] { return next_execve.get()(path, words, environment); });
}
CURFEW_EXPORTED int execv(const char* path, char* const* words) noexcept {
  return become(path, [&] { return next_execve.get()(path, words, environ); });
}
CURFEW_EXPORTED int execvpe(const char* name, char* const* words, char* const* environment) noexcept {
  return become(name, [&] { return next_execvpe.get()(name, words, environment); });
}
CURFEW_EXPORTED int execvp(const char* name, char* const* words) noexcept {
  return become(name, [&] { return next_execvpe.get()(name, words, environ); });
}
CURFEW_EXPORTED int fexecve(int fd, char* const* words, char* const* environment) noexcept {
  return become("a descriptor", [&] { return next_fexecve.get()(fd, words, environment); });
}

// The arrays live on the stack: allocating is not allowed between fork and exec.
#define CURFEW_COLLECT_WORDS(first)                                                        \
  va_list counted;                                                                         \
  va_start(counted, first);                                                                \
  const std::size_t count = count_words(first, counted);                                   \
  va_end(counted);                                                                         \
  auto** const words = static_cast<char**>(__builtin_alloca((count + 1) * sizeof(char*))); \
  va_list rest;                                                                            \
  va_start(rest, first);                                                                   \
  words[0] = const_cast<char*>(first);                                                     \
  for (std::size_t i = 1; i <= count; ++i) words[i] = va_arg(rest, char*);                 \
  words[count] = nullptr

CURFEW_EXPORTED int execl(const char* path, const char* first, ...) noexcept {
  CURFEW_COLLECT_WORDS(first);
  va_end(rest);
  return become(path, [&] { return next_execve.get()(path, words, environ); });
}
CURFEW_EXPORTED int execlp(const char* name, const char* first, ...) noexcept {
  CURFEW_COLLECT_WORDS(first);
  va_end(rest);
  return become(name, [&] { return next_execvpe.get()(name, words, environ); });
}
CURFEW_EXPORTED int execle(const char* path, const char* first, ...) noexcept {
  CURFEW_COLLECT_WORDS(first);
  auto* const environment = va_arg(rest, char* const*);
  va_end(rest);
  return become(path, [&] { return next_execve.get()(path, words, environment); });
}
#undef CURFEW_COLLECT_WORDS

}  // extern "C"
// NOLINTEND(cert-dcl50-cpp)
