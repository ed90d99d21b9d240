#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# openblas_detached (lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-60}; T=${T:-5}; ulimit -c 0
for v in prog prog_cache; do
../_tools/measure.py -n $N -t $T --tag openblas_detached/$v  -- ./$v
done
