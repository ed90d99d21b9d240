#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# qt_thread_destroyed (lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-50}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag qt_thread_destroyed/$v  -- ./$v
done
