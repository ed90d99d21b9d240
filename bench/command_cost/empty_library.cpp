// SPDX-License-Identifier: Apache-2.0
// A library that does nothing, to be preloaded.
static_assert(true);
