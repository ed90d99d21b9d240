// SPDX-License-Identifier: Apache-2.0
// All of curfew.
#pragma once

#include <curfew/adopt.hpp>
#include <curfew/daemonize.hpp>
#include <curfew/dump.hpp>
#include <curfew/error.hpp>
#include <curfew/exception_hook.hpp>
#include <curfew/exit.hpp>
#include <curfew/exit_guard.hpp>
#include <curfew/hook_phases.hpp>
#include <curfew/library.hpp>
#include <curfew/metrics.hpp>
#include <curfew/pool.hpp>
#include <curfew/registry.hpp>
#include <curfew/restart.hpp>
#include <curfew/service.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>
#include <curfew/version.hpp>
