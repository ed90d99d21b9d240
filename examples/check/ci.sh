#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One step of a CI job: ci.sh PROGRAM [ARG...]. Its status is 66 when the exit of the program has a fault, otherwise the
# program's own. exit.json and exit.html are worth keeping as artefacts of the job.
set -eu
here=$(dirname "$0")
exec "${CURFEW:-curfew}" check \
  --fail-on error \
  --suppressions "$here/known.txt" \
  --json exit.json \
  --html exit.html \
  -- "$@"
