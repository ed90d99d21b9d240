// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "application.hpp"

#include <httplib.h>

/// The routes. The server must not outlive the application.
void install_handlers(httplib::Server&, application&);
