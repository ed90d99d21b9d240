// SPDX-License-Identifier: Apache-2.0
// libcurfew-run.so: what `curfew run` puts into a program.
