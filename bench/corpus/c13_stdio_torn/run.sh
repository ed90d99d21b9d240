#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c13_stdio_torn (canon). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-200}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag c13_stdio_torn/$v --forbid "^(?!<[01]:[0-9]{8}:abcdefghijklmnopqrstuvwxyz0123456789>$).+" -- ./$v
done
