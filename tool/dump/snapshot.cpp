// SPDX-License-Identifier: Apache-2.0
#include "dump/snapshot.hpp"

#include "dump/calls.hpp"
#include "failure.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <thread>
#include <unordered_set>

namespace curfew::tool::dump {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using clock = std::chrono::steady_clock;

// What the threads may cost the process, whose clients wait meanwhile: 50 ms for a hundred threads. More of them take
// more time.
constexpr auto stop_limit = milliseconds(25), copy_limit = milliseconds(15);
constexpr auto more_for_a_thread = microseconds(100);
constexpr std::size_t usual_threads = 100;
/// For the threads that had no processor to stop on; only they are stopped then.
constexpr auto late_limit = milliseconds(500);
constexpr std::uint64_t first_part = 64 << 10, next_part = 1 << 20, most_of_stack = 16 << 20;
constexpr std::uint64_t red_zone = 128;

/// One run on a thread of its own: whatever it has not released, the kernel lets go at that thread's end.
class tracer {
 public:
  tracer(const target& of, snapshot& to) : of_(of), to_(to) {}

  void run(const std::function<void(snapshot&)>& also) {
    block_signals();
    seize_all();
    read_names();
    to_.mappings = read_mappings(text_of("/proc/" + std::to_string(of_.pid) + "/maps"));
    take_precedence();
    const auto began = clock::now();
    stop_all(began);
    to_.taken = clock::now();
    copy_all();
    also(to_);
    release();
    to_.stopped = clock::now() - began;
    copy_late();
  }

 private:
  struct traced {
    thread_copy copy;
    bool stopped = false, gone = false, release = false;
    int signal = 0;  ///< it was about to take it
  };

  static void block_signals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  }

  /// On a busy machine, too, the process is not to wait until it is our turn again. Root may do so; others take
  /// their turns.
  static void take_precedence() {
    const sched_param lowest{::sched_get_priority_min(SCHED_RR)};
    ::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest);
  }

  [[nodiscard]] nanoseconds with_number(nanoseconds limit) const {
    const std::size_t more = threads_.size() > usual_threads ? threads_.size() - usual_threads : 0;
    return limit + more_for_a_thread * static_cast<long>(more);
  }

  /// Those that came since the last look. False: none.
  bool seize_new() {
    bool any = false;
    for (const pid_t tid : threads_of(of_.pid)) {
      if (!known_.insert(tid).second) continue;
      traced one;
      one.copy.tid = one.copy.own_tid = tid;
      if (::ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) != 0) {
        const int error = errno;
        one.copy.task = read_task(of_.pid, tid);
        if (tid == of_.pid && one.copy.task.state == 'Z')
          one.copy.has_ended = one.gone = true;
        else if (error != ESRCH && one.copy.task.state != 'Z' && one.copy.task.state != 'X' &&
                 one.copy.task.state != '?')
          refuse(of_, error);
        else
          continue;
      }
      any = true;
      threads_.push_back(std::move(one));
    }
    return any;
  }

  void seize_all() {
    // Each look finds fewer: a process that makes threads faster than this is stopped with what is there.
    for (int looks = 0; looks < 10 && seize_new(); ++looks) {
    }
    if (threads_.empty()) refuse(of_, ESRCH);
  }

  void read_names() {
    for (auto& one : threads_) read_name(one);
  }

  void read_name(traced& one) const {
    if (one.copy.task.state == '?') one.copy.task = read_task(of_.pid, one.copy.tid);
    if (one.copy.task.state == 't') one.copy.task.state = 'T';  // whose process was stopped before we came
    if (!of_.own_numbers) return;
    // The last number is that of the innermost namespace.
    const auto status = status_of("/proc/" + std::to_string(of_.pid) + "/task/" + std::to_string(one.copy.tid) + "/");
    if (const auto line = status.find("NSpid"); line != status.end())
      one.copy.own_tid = std::atoi(line->second.substr(line->second.find_last_of(" \t") + 1).c_str());
  }

  /// Has it stopped, or ended?
  static bool look(traced& one) {
    int status = 0;
    const pid_t seen = ::waitpid(one.copy.tid, &status, __WALL | WNOHANG);
    if (seen == 0) return false;
    if (seen < 0 || !WIFSTOPPED(status)) {
      one.gone = true;
      return true;
    }
    one.stopped = true;
    if (status >> 16 != PTRACE_EVENT_STOP) one.signal = WSTOPSIG(status);
    return true;
  }

  void interrupt(std::size_t from) {
    for (std::size_t i = from; i < threads_.size(); ++i)
      if (!threads_[i].gone && ::ptrace(PTRACE_INTERRUPT, threads_[i].copy.tid, nullptr, nullptr) != 0)
        threads_[i].gone = !threads_[i].stopped;
  }

  /// In their order, so that each is asked about only a few times: they need the processors more than we do.
  void wait_for_stops(clock::time_point began) {
    const auto limit = began + with_number(stop_limit);
    for (auto& one : threads_) {
      for (long pause = 10'000; !one.stopped && !one.gone && !look(one) && clock::now() < limit;
           pause = std::min(pause * 2, 400'000L)) {
        const timespec moment{0, pause};
        ::nanosleep(&moment, nullptr);
      }
    }
  }

  void stop_all(clock::time_point began) {
    std::size_t told = 0;
    for (int looks = 0; looks < 10; ++looks) {
      interrupt(told);
      told = threads_.size();
      wait_for_stops(began);
      // A thread that was on its way to making another one has made it.
      if (!seize_new()) break;
      new_ones_ = true;
    }
  }

  /// Registers, and from the stack pointer on the first part of the stack.
  void copy_registers(traced& one) {
    bool is_32_bit = false;
    thread_copy& copy = one.copy;
    if (!read_registers(copy.tid, copy.state, is_32_bit)) {
      if (is_32_bit)
        throw failure(failure::cannot_start, "process " + std::to_string(of_.pid) +
                                                 " runs 32-bit code, whose threads this curfew cannot read");
      return;
    }
    copy.copied = true;
    if (one.signal == 0) begin_call_again(copy.tid, copy.state);
    if (copy.state.call_begins_again) find_number(copy.state);
    copy_stack(copy, first_part);
    for (const memory_range& range : memory_of(copy.state.call))
      if (!(range.begin >= copy.state.stack && range.end <= copy.not_copied.begin)) to_.at.copy(range);
  }

  void find_number(registers& of) const {
    unsigned char bytes[64];
    long number = -1;
    if (to_.at.read_now(of.code - sizeof bytes, bytes, sizeof bytes)) number = number_loaded_in(bytes);
    std::array<std::uint64_t, 8> words{};
    if (number < 0 && to_.at.read_now(of.stack, words.data(), sizeof words)) number = number_among(words, of.call);
    if (number >= 0) of.call.number = number;
  }

  void copy_stack(thread_copy& copy, std::uint64_t most) {
    const mapping* const stack = mapping_at(to_.mappings, copy.state.stack);
    if (stack == nullptr && !mapped_again_) {
      mapped_again_ = true;  // its stack was made since
      to_.mappings = read_mappings(text_of("/proc/" + std::to_string(of_.pid) + "/maps"));
      return copy_stack(copy, most);
    }
    if (stack == nullptr) return;
    const std::uint64_t begin = std::max(stack->begin, copy.state.stack - red_zone);
    const std::uint64_t end = begin + to_.at.copy({begin, std::min(stack->end, begin + most)});
    copy.not_copied = {end, stack->end};
    // It may run on another stack than its own, for a signal's handler or a fiber: then the end of its own, too.
    const std::uint64_t own = copy.tid == of_.pid ? first_stack_end() : copy.state.thread;
    const mapping* const other = own != 0 ? mapping_at(to_.mappings, own) : nullptr;
    if (other != nullptr && other != stack && other->writable && most == first_part)
      to_.at.copy({std::max(other->begin, own - std::min(own, first_part)), std::min(other->end, own + first_part)});
  }

  [[nodiscard]] std::uint64_t first_stack_end() const {
    for (const auto& one : to_.mappings)
      if (one.path == "[stack]") return one.end - 1;
    return 0;
  }

  void copy_all() {
    const auto began = clock::now();
    for (auto& one : threads_)
      if (one.stopped) copy_registers(one);
    // Deep recursions, as far as there is time.
    for (auto& one : threads_) {
      thread_copy& copy = one.copy;
      std::uint64_t most = next_part;
      while (copy.copied && copy.not_copied.size() > 0 && most <= most_of_stack &&
             clock::now() - began < with_number(copy_limit)) {
        copy_stack(copy, most);
        most *= 4;
      }
    }
  }

  static void release(traced& one) {
    if (one.release || !one.stopped || one.gone) return;
    ::ptrace(PTRACE_DETACH, one.copy.tid, nullptr, one.signal);
    one.release = true;
  }
  void release() {
    for (auto& one : threads_) release(one);
  }

  /// What did not stop in time, one by one.
  void copy_late() {
    const auto began = clock::now();
    for (bool all = false; !all && clock::now() - began < with_number(late_limit);) {
      all = true;
      bool runs = false;
      for (auto& one : threads_) {
        if (one.stopped || one.gone) continue;
        if (!look(one)) {
          all = false;
          runs = runs || read_task(of_.pid, one.copy.tid).state != 'D';
          continue;
        }
        if (!one.stopped) continue;
        one.copy.late = true;
        copy_registers(one);
        release(one);
      }
      if (!runs) break;
      const timespec moment{0, 1'000'000};
      ::nanosleep(&moment, nullptr);
    }
    if (new_ones_)
      for (auto& one : threads_) read_name(one);
    for (auto& one : threads_)
      if (one.copy.has_ended || !one.gone) to_.threads.push_back(std::move(one.copy));
    std::ranges::sort(to_.threads, {}, &thread_copy::tid);
  }

  const target& of_;
  snapshot& to_;
  std::vector<traced> threads_;
  std::unordered_set<pid_t> known_;
  bool mapped_again_ = false, new_ones_ = false;
};

}  // namespace

snapshot take_snapshot(const target& of, const std::function<void(snapshot&)>& also) {
  snapshot taken(of.pid);
  std::exception_ptr error;
  // Whoever wants to end or stop us waits until the process goes on as it was: what it sleeps in may have to be begun
  // again. SIGKILL does not wait, and the kernel lets the process go then.
  sigset_t keys, before;
  sigemptyset(&keys);
  for (const int one : {SIGTSTP, SIGTTIN, SIGTTOU, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM}) sigaddset(&keys, one);
  ::pthread_sigmask(SIG_BLOCK, &keys, &before);
  std::thread([&] {
    try {
      tracer(of, taken).run(also);
    } catch (...) {
      error = std::current_exception();
    }
  }).join();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error) std::rethrow_exception(error);
  return taken;
}

}  // namespace curfew::tool::dump
