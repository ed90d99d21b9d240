// SPDX-License-Identifier: Apache-2.0
// The shared library is the whole archive; a target needs one source of its own.
