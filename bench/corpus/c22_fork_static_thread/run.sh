#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c22_fork_static_thread (canon). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-20}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag c22_fork_static_thread/$v  -- ./$v
done
