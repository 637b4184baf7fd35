#!/bin/sh
# optuna 5.0.0: after one run that diverged far, its Gaussian-process sampler goes back to the worst learning rates.
#
# Expected: a loss of 1e200 is the worst news there is about a learning rate, and GPSampler stays away from it.
# Seen:     losses are standardised by their mean and deviation before the process is fitted. The square of a loss beyond
#           1e154 overflows, the deviation is inf, and all losses become one number. With three seeds 9, 7 and 12 of the
#           last 20 runs diverged again, most of them at the highest rate there is; told the logarithms of the same losses,
#           0, 2 and 2 did. NumPy warns of an overflow, Optuna says nothing. inf is better to tell than 1e200: it is
#           clipped to the worst finite loss. TPESampler knows ranks alone, and minds neither.
# Why:      a sweep of learning rates has such runs among its first, and a loss of 1e200 is a number like others.
# Around:   tell the sampler the logarithm of the loss: it ranks alike, and spans what the process can stand.
#
# Runs without chainstep, in an environment of its own. Fails when the rates that diverge are not tried at least twice as
# often with losses as with their logarithms, or when a package cannot be installed.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check optuna==5.0.0 scipy==1.17.1 torch==2.13.0

cat > "$folder/sweep.py" <<'PYTHON'
import math
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")


def trained(rate):
    """Thirty steps of gradient descent on (x^2 + 10 y^2) / 2 from (1, 1), where it is 5.5."""
    x = y = 1.0
    for _ in range(30):
        x, y = x - rate * x, y - rate * 10 * y
    return (x * x + 10 * y * y) / 2


def diverged(told, seed):
    """How many of the last 20 runs of 30 ended higher than they began."""
    study = optuna.create_study(sampler=optuna.samplers.GPSampler(seed=seed))
    losses = []
    for _ in range(30):
        trial = study.ask()
        losses.append(trained(trial.suggest_float("rate", 1e-3, 1e3, log=True)))
        study.tell(trial, told(losses[-1]))
    return sum(loss > 5.5 for loss in losses[10:])


counts = {}
for name, told in ("losses", float), ("logarithms", math.log):
    each = [diverged(told, seed) for seed in (0, 1, 2)]
    counts[name] = sum(each)
    print(f"told {name}: {each} of 20 runs diverged")
raise SystemExit(counts["losses"] < 2 * counts["logarithms"])
PYTHON

"$folder/venv/bin/python" "$folder/sweep.py" || { echo "it keeps away now: this finding is out of date"; exit 1; }
echo "as found: one loss beyond 1e154, and GPSampler knows nothing any more"
