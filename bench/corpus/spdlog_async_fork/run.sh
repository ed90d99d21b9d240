#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# spdlog_async_fork (control-lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-60}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag spdlog_async_fork/$v  -- ./$v
done
