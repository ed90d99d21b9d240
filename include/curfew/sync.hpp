// SPDX-License-Identifier: Apache-2.0
// Waits for other threads, for time and for input. Each of them ends when its thread is asked to stop. Only what the
// standard library lacks is here; docs/python.md lists the names beside Python's.
#pragma once

#include <curfew/sync/barrier.hpp>
#include <curfew/sync/blocking_queue.hpp>
#include <curfew/sync/condition.hpp>
#include <curfew/sync/event.hpp>
#include <curfew/sync/input.hpp>
#include <curfew/sync/semaphore.hpp>
#include <curfew/sync/timer.hpp>
