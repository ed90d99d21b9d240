#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pybind11_gil (lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-100}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag pybind11_gil/$v  -- /usr/bin/python3 run.py
done
