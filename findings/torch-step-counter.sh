#!/bin/sh
# torch 2.13.0 counts an optimiser's steps in float32, even for parameters in float64: at 16,777,216 it stops.
#
# Expected: a learning rate that decays with the number of steps goes on decaying.
# Seen:     Adagrad, ASGD, Adam, NAdam and RAdam keep `step` as a tensor of float32 unless the default dtype is float64,
#           whatever their parameters are. 2^24 + 1 is not one of its numbers, so that adding 1 changes nothing from there
#           on. Adam's corrections are over by then. But Adagrad's rate, lr / (1 + (step - 1) * lr_decay), stands still, and
#           so does that of ASGD. No warning.
# Why:      small networks take so many steps within minutes, and a long run that is compared with torch drifts away from it
#           although both have the same formula.
# Around:   torch.set_default_dtype(torch.float64) before the first step.
#
# Runs without chainstep, in an environment of its own. The count comes out of a checkpoint, since 2^24 steps take long.
# Fails when a step is counted beyond it, or when a package cannot be installed.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat > "$folder/count.py" <<'PYTHON'
import torch


def counted(default):
    """The count behind each of four steps of Adagrad, and how far the step moved a weight whose gradient is 1."""
    torch.set_default_dtype(default)
    weight = torch.nn.Parameter(torch.tensor([0.0], dtype=torch.float64))
    adagrad = torch.optim.Adagrad([weight], lr=1.0, lr_decay=1.0)
    weight.grad = torch.ones_like(weight)
    adagrad.step()
    kept = adagrad.state_dict()
    kept["state"][0]["step"] = torch.full_like(kept["state"][0]["step"], 2**24 - 2)
    adagrad.load_state_dict(kept)
    seen = []
    for _ in range(4):
        adagrad.state[weight]["sum"].zero_()  # so that the distance is the rate
        before = weight.item()
        adagrad.step()
        seen.append((int(adagrad.state[weight]["step"]), before - weight.item()))
    return seen


single, double = counted(torch.float32), counted(torch.float64)
for (count, rate), (counted_in_double, rate_in_double) in zip(single, double):
    print(f"step {counted_in_double}: counted as {count}, rate {rate:.15e}, by the formula {rate_in_double:.15e}")
raise SystemExit([count for count, _ in single] != [2**24 - 1, 2**24, 2**24, 2**24] or single[3] != single[1])
PYTHON

"$folder/venv/bin/python" "$folder/count.py" || { echo "it counts on now: this finding is out of date"; exit 1; }
echo "as found: after 16,777,216 steps none is counted, and Adagrad's rate stands still"
