#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c14_cout_after_end (canon). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-200}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag c14_cout_after_end/$v --last "^END$" -- ./$v
done
