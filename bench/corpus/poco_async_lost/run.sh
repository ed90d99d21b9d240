#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# poco_async_lost (control-lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-40}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag poco_async_lost/$v --file /tmp/pl_{i} --want 2000 "rec [0-9]" -- ./$v /tmp/pl_{i}
done
