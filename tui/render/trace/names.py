"""How the names of a listing are written where they stand. Must not know what they name."""

from __future__ import annotations

from chainstep.engine.training.snapshot.tape import TraceLine


def short(text: str, line: TraceLine) -> str:
    """A text of a line without the prefix of the neuron that it stands in; a script's lines have none."""
    if line.place:
        return text
    return text.replace(f"L{line.layer}.n{line.neuron}.", "") if line.neuron is not None else text


def statement(line: TraceLine) -> str:
    """A line as a statement: `L1.n1 = tanh(x0*w0 + b)`; what has no name of its own is its formula."""
    return _named(line, short(line.formula, line))


def brief(line: TraceLine) -> str:
    """The same with dots for inputs that are long: `… + b`, `L1.n1 = tanh(…)`."""
    inputs = [
        "…" if source is not None and " " in name else short(name, line)
        for source, name in zip(line.inputs, line.leaves, strict=True)
    ]
    if line.symbol.isalpha():
        return _named(line, f"{line.symbol}({', '.join(inputs)})")
    return _named(line, line.symbol + inputs[0] if len(inputs) == 1 else f" {line.symbol} ".join(inputs))


def _named(line: TraceLine, formula: str) -> str:
    return formula if line.name == line.formula else f"{line.name} = {formula}"
