#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# app_node_fifo (app). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-10}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag app_node_fifo/$v --wrapped --want 1 bye -- ./prog.sh
done
