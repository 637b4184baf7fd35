"""How the generated source is read by somebody who knows the lecture's classes: comments before it. Knows
programs; must not know how the source is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from .program import Program


def annotated(program: Program, source: str, *, layered: bool) -> str:
    """A source with a few lines of comment before it, in its own names and this network's sizes; `layered` if it has
    loops over layers.
    """
    by_line = _of_layers(program) if layered else _of_a_network(program, source)
    lines = list(by_line if program.layers else _of_an_expression(program))
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + source


def _of_a_network(program: Program, source: str) -> Iterator[str]:
    labels = program.labels
    first, width = program.layers[0], program.layers[0].inputs + 1
    last = len(labels) - 1
    yield "How to read it beside the lecture's classes:"
    weights = f"weights p0 to p{width - 2}" if first.inputs > 1 else "weight p0"
    yield f"Neuron  is one line, its sum and its activation: {weights}, bias p{width - 1} are the first one's"
    example = _first_neuron(source)
    if example:
        yield f"          {example}"
    ends = len(first.units) * width - 1
    yield f"Layer   is its neurons' lines, one below the other: layer 1 has {len(first.units)}, p0 to p{ends}"
    yield f"MLP     is the {len(program.layers)} layers, one below the other, for each sample of a step"
    yield f"p.data  is p0 to p{last}, in the order of parameters(): p0 is {labels[0]}, p{last} is {labels[-1]}"
    yield f"p.grad  is g0 to g{last}: = 0.0 is zero_grad(), += is backward(), and at the end of a step each p moves"
    yield ""


def _of_layers(program: Program) -> Iterator[str]:
    labels = program.labels
    last = len(labels) - 1
    yield "How to read it beside the lecture's classes:"
    yield "Neuron  is a place in its layer's lists: its sum in z1, z2, ... and what it makes of that in a1, a2, ..."
    yield "Layer   is two lines: all its sums at once, and all its activations"
    yield f"MLP     is the {len(program.layers)} layers, one below the other, for each sample of a step"
    yield f"p.data  is p[0] to p[{last}], in the order of parameters(): p[0] is {labels[0]}, p[{last}] is {labels[-1]}"
    yield "p.grad  is g, in the same order: spread(...) is backward(), and at the end of a step p moves"
    yield ""


def _of_an_expression(program: Program) -> Iterator[str]:
    labels = program.labels
    named = ", ".join(f"p{index} is {label}" for index, label in enumerate(labels[:6])) + ", ..." * (len(labels) > 6)
    yield f"How to read it: {named}; g0 to are their gradients."
    yield "First the expression, then the chain rule backwards, and at the end of a step each p moves."
    yield ""


def _first_neuron(source: str) -> str:
    """The line of the first neuron, where it is one."""
    _, _, rest = source.partition("# layer 1, neuron 1\n")
    line = rest.partition("\n")[0].strip()
    return line if len(line) < 100 else ""
