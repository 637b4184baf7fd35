#!/bin/sh
# tinygrad 0.14.0 reads what it knows beforehand on the CPU device, whichever device was chosen.
#
# Expected: with DEV=PYTHON, the device that is plain Python, nothing needs a C compiler.
# Seen:     a tensor that is made of a list stands on PYTHON and is computed there. One that is made of a number has no
#           device at all (`Tensor(2.0).device` is None), nor has what is computed of such ones: they are folded while the
#           graph is rewritten. Reading the result, `(Tensor(2.0) * 3).item()`, then compiles a kernel for CPU, and where
#           there is no clang it ends in a FileNotFoundError that names it. The same with `Tensor([2.0])` gives 6.0.
# Why:      whoever compares gradients number by number, or tries a formula at one point, makes just such tensors; a test
#           that passes on a machine with a compiler fails on one without.
# Around:   make tensors of lists, of one element where need be.
#
# Runs without chainstep, in an environment of its own. Fails when tinygrad does otherwise, or cannot be installed.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0

cat > "$folder/known.py" <<'PYTHON'
from tinygrad import Device, Tensor

print("chosen:", Device.DEFAULT)
listed, number = Tensor([2.0]) * 3, Tensor(2.0) * 3
print("of a list:", listed.device, listed.item())
try:
    print("of a number:", number.device, number.item())
except FileNotFoundError as error:
    print("of a number:", number.device, "needs", error.filename)
PYTHON

# A path without any compiler, so that it is the same everywhere.
seen=$(env -i HOME="$folder" PATH="$folder/venv/bin" DEV=PYTHON "$folder/venv/bin/python" "$folder/known.py")
echo "$seen"
test "$seen" = "chosen: PYTHON
of a list: PYTHON 6.0
of a number: None needs clang"
