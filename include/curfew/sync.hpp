// SPDX-License-Identifier: Apache-2.0
// Waiting for each other, for time and for input, such that every wait ends when its thread is asked to stop. Only what
// the standard library lacks: docs/python.md has its names beside Python's.
#pragma once

#include <curfew/sync/barrier.hpp>
#include <curfew/sync/blocking_queue.hpp>
#include <curfew/sync/condition.hpp>
#include <curfew/sync/event.hpp>
#include <curfew/sync/input.hpp>
#include <curfew/sync/semaphore.hpp>
#include <curfew/sync/timer.hpp>
