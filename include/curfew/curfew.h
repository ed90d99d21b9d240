/* SPDX-License-Identifier: Apache-2.0 */
/* curfew for C, and for languages that call C. C11 and later, C++ too.
 *
 *     static void poll(void *feed) { ... }
 *
 *     curfew_start_daemon(NULL, "poller", poll, &feed);   // frozen at the end of the program
 *     curfew_start(NULL, NULL, flush, &journal);          // regular: the end of the program waits for it
 *
 * Functions that can fail return 0 or an errno value, and do not change errno. No C++ exception leaves them; what ends
 * a thread (pthread_exit, pthread_cancel) goes through them, and through the functions that they call. These values
 * mean the same everywhere: EINVAL     a pointer that must not be null is null, a value is negative or out of its range
 *   ENOMEM     no memory
 *   ECANCELED  too late: curfew::exit_in_progress
 *
 * Async-signal-safe are curfew_request_exit, curfew_exit_requested, curfew_phase and curfew_dump, and no others. All
 * may be called by any thread. <curfew/thread.hpp> and its neighbours describe each thing in full; this header says
 * what is different.
 */
#ifndef CURFEW_H
#define CURFEW_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CURFEW_C_API __attribute__((visibility("default")))
#else
#define CURFEW_C_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- threads ---- */

/* The handle of a thread; not to be used by two threads at a time, except for curfew_request_stop. */
typedef struct curfew_thread curfew_thread;
typedef void (*curfew_function)(void* argument);

enum curfew_kind {
  CURFEW_INHERIT = -1, /* the kind of the thread that makes it; regular if that is main or a foreign thread */
  CURFEW_REGULAR = 0,
  CURFEW_DAEMON = 1
};

/* `size` is sizeof(struct curfew_thread_options): later versions add fields at the end. Begin with
 * CURFEW_THREAD_OPTIONS, which has the defaults, and the place for reports. */
struct curfew_thread_options {
  size_t size;
  const char* name; /* NULL: "Thread-N" */
  enum curfew_kind kind;
  int takes_stop_token; /* not 0: the end of the program asks it to stop; see curfew_stop_requested */
  int64_t grace_ms;     /* for daemons: how long the end waits after it has asked; negative: the program's default */
  size_t stack_size;    /* 0: the system's */
  const char* file;
  unsigned line;
};
#define CURFEW_THREAD_OPTIONS \
  { sizeof(struct curfew_thread_options), NULL, CURFEW_INHERIT, 0, -1, 0, __FILE__, __LINE__ }

/* Starts a thread that calls function(argument). `made` may be NULL: the thread is detached, and the end of the program
 * accounts for it all the same. `options` may be NULL.
 * EAGAIN: the system has no thread to give. ECANCELED: the exit has frozen the daemons. */
CURFEW_C_API int curfew_start(curfew_thread** made, const struct curfew_thread_options* options,
                              curfew_function function, void* argument);
/* The same for a daemon with that name, which may be NULL. */
CURFEW_C_API int curfew_start_daemon(curfew_thread** made, const char* name, curfew_function function, void* argument);

/* Waits until the thread has ended; the handle is then still to be given up. EDEADLK: it is the calling thread, or
 * threads that join each other. ECANCELED: it is frozen. EINVAL: it was joined before. */
CURFEW_C_API int curfew_join(curfew_thread* thread);
/* The same with a limit in milliseconds; ETIMEDOUT when it has passed. A negative limit polls once. */
CURFEW_C_API int curfew_join_for(curfew_thread* thread, int64_t limit_ms);
/* Gives up the handle, and never blocks: the thread goes on if it runs. NULL is allowed. */
CURFEW_C_API void curfew_give_up(curfew_thread* thread);
/* 1 while it runs, else 0. */
CURFEW_C_API int curfew_is_alive(const curfew_thread* thread);
/* Asks it to stop: curfew_stop_requested() is then 1 on that thread, and its curfew_sleep ends. */
CURFEW_C_API void curfew_request_stop(curfew_thread* thread);

/* Was the calling thread asked to stop? */
CURFEW_C_API int curfew_stop_requested(void);
/* Sleeps. EINTR: the calling thread was asked to stop. */
CURFEW_C_API int curfew_sleep(int64_t milliseconds);

/* ---- threads that others have started ---- */

typedef struct curfew_adoption curfew_adoption;

/* The calling thread takes part in the end of the program until it is released or ends. `made` may be NULL: until it
 * ends. `kind` is not CURFEW_INHERIT. EPERM: it is main, or curfew has started it. EBUSY: it is adopted already. */
CURFEW_C_API int curfew_adopt(curfew_adoption** made, const char* name, enum curfew_kind kind);
/* On the adopted thread; EPERM elsewhere. NULL is allowed. */
CURFEW_C_API int curfew_release(curfew_adoption* adoption);

/* ---- the end of the program ---- */

enum curfew_phase { CURFEW_RUNNING, CURFEW_DRAINING, CURFEW_STOPPING, CURFEW_FROZEN };
CURFEW_C_API enum curfew_phase curfew_phase(void);

/* Hooks of the exit, last registered first. `id` may be NULL. ECANCELED: these hooks have begun to run. */
CURFEW_C_API int curfew_before_wait(const char* name, curfew_function hook, void* argument, uint64_t* id);
CURFEW_C_API int curfew_after_wait(const char* name, curfew_function hook, void* argument, uint64_t* id);
/* 0: it was registered and will not be called. ENOENT: there is no such hook, or it has begun. */
CURFEW_C_API int curfew_remove_hook(uint64_t id);

/* A daemon is not frozen between the two, which belong on one thread and may be nested.
 *
 *     if (curfew_shield_open() == 0) { append(journal, entry); curfew_shield_close(); }
 *
 * ECANCELED: daemons have been asked to stop, and the work must not begin; there is nothing to close then. */
CURFEW_C_API int curfew_shield_open(void);
CURFEW_C_API void curfew_shield_close(void);

/* See request_exit, wait_for_exit and exit_on_signals in <curfew/exit.hpp>. */
CURFEW_C_API void curfew_request_exit(int status);
CURFEW_C_API int curfew_exit_requested(void);
CURFEW_C_API int curfew_wait_for_exit(void);
CURFEW_C_API int curfew_exit_on_signals(const int* signals, size_t count);

/* How many threads; `size` as above: set it before the call. */
struct curfew_report {
  size_t size;
  size_t waited_for;
  size_t not_waited_for;
  size_t frozen;
  size_t not_frozen;
  int deadline_passed;
};
/* Runs the exit up to the freeze, and returns; `report` may be NULL. ECANCELED: another thread runs the exit, or it is
 * called in a hook. */
CURFEW_C_API int curfew_finish(struct curfew_report* report);
/* Another life behind curfew_finish. EPERM: that was not called, or a thread of this life still runs. */
CURFEW_C_API int curfew_restart(void);
/* Ends what a library has started (library.hpp). `library` is a handle of dlopen; a negative limit is none. EBUSY:
 * `left` threads, or calls, are left, and the library must stay loaded; `left` may be NULL. */
CURFEW_C_API int curfew_end_library(void* library, int64_t limit_ms, size_t* left);

/* Writes all threads, with their stacks, to a descriptor. */
CURFEW_C_API void curfew_dump(int descriptor);

#ifdef __cplusplus
}
#endif

#endif
