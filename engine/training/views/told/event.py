"""An op in words and numbers: its rule, and what it read and wrote. Reads an op that was run; must not know commands or
the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ....autograd.tape import Tape
from ....autograd.text.notation import bracketed, text
from ....nn.optimizers import OPTIMIZERS, SYMBOLS
from ....records import replace
from ...run.run import Run
from ...snapshot.event import Assignment, Event
from ...step.last_op import LastOp
from ..fed import fed
from .meaning import meaning


def next_event(run: Run) -> Event:
    """What the next op would do; nothing has been run yet."""
    state = run.state.copy()
    run.stepper.recompute_first(state)
    op = LastOp(run.stepper, state)
    run.stepper.run(state, state.op + 1)
    return event(op.finish(state))


def event(op: LastOp) -> Event:
    """An op in words and numbers."""
    if op.program.script is not None:
        from ..script.events import script_event  # no other session has one

        return script_event(op, _event(op))
    return replace(_event(op), fed=fed(op))


def _event(op: LastOp) -> Event:
    phase, tape = op.spot.phase, op.tape
    if tape is None:
        label = op.program.slots.values[op.index].label
        if phase == "zero_grad":
            return Event(phase, _path(op), op.expression, "", _why_zeroed(op), (_zeroing(op, label),))
        return Event(phase, _path(op), op.expression, "", _why_updated(op), tuple(_updating(op, label)))
    row = tape.ops[op.index]
    if phase == "backward":
        return Event(phase, _path(op), op.expression, row.name, row.words, tuple(_backward(op, tape)))
    words, numbers = meaning(op)
    return Event(phase, _path(op), op.expression, row.name, words, (_forward(op, tape),), numbers)


# --- ops of a tape


def _forward(op: LastOp, tape: Tape) -> Assignment:
    names, values = _operands(op)
    rule = tape.ops[op.index].forward_text
    before = None if op.first else op.before["y"]
    return Assignment(names["y"], "=", op.expression, rule, names, values, before, op.after["y"])


def _backward(op: LastOp, tape: Tape) -> Iterator[Assignment]:
    """An assignment for each input that is differentiated; parameters come first, the numbers of the expression are
    left out.
    """
    row, program = tape.ops[op.index], op.program
    names, values = _operands(op)
    result = bracketed(names["y"])
    if op.spot.op in op.timeline.backwards:
        yield _seeded(op, tape)
    grad = {slot: op.before[name] for slot, name in zip(op.slots[:2], ("ga", "gb"), strict=True)}
    lines = []
    backward = zip(row.backward_functions, row.backward_text, strict=True)
    for slot, name, (derivative, rule) in zip(op.slots[:2], "ab", backward, strict=False):
        if derivative is None or slot in tape.constants:
            continue
        before = grad[slot]
        # The very sum that the replay makes; with a + a the second input begins where the first one ended.
        share = derivative(values["a"], values["b"], values["y"]) * values["g"]
        grad[slot] = share if tape.overwrites else before + share
        symbols = f"∂{result}/∂{bracketed(names[name])} · {names['g']}"
        target, operator = f"{bracketed(names[name])}.grad", "=" if tape.overwrites else "+="
        line = Assignment(target, operator, symbols, f"{rule} · {{g}}", names, values, before, grad[slot])
        lines.append((slot not in program.parameters, slot in program.replaced, line))
    yield from (line for _, _, line in sorted(lines, key=lambda item: item[:2]))


def _seeded(op: LastOp, tape: Tape) -> Assignment:
    """What a call of backward begins with; the op may be another one's than the root's, if it is fired out of turn."""
    program = op.program
    slot = program.root if tape is program.tape else op.slots[2]
    value = program.slots.values[slot]
    root = "loss" if program.layers else value.label or "value"
    return Assignment(f"{bracketed(op.short(text(value)))}.grad", "=", f"∂{root}/∂{root}", "1", {}, {}, 0.0, 1.0)


def _operands(op: LastOp) -> tuple[dict[str, str], dict[str, float]]:
    """Names and numbers for {a}, {b}, {y} and {g}."""
    i, j, k = op.slots
    values = op.program.slots.values
    names = {"a": op.short(text(values[i])), "b": op.short(text(values[j])), "y": op.short(text(values[k]))}
    names["g"] = f"{bracketed(names['y'])}.grad"
    return names, {name: op.after[name] for name in ("a", "b", "y", "g")}


# --- ops on a parameter


def _zeroing(op: LastOp, label: str) -> Assignment:
    return Assignment(f"{label}.grad", "=", "0", "0", {}, {}, op.before["g"], op.after["g"])


def _why_zeroed(op: LastOp) -> str:
    if op.program.tape.overwrites:
        return "Each gradient starts again from 0."
    return "Gradients add up in backward, so each starts again from 0."


def _updating(op: LastOp, label: str) -> Iterator[Assignment]:
    if op.index in op.stepper.frozen:
        p = op.after["p"]
        yield Assignment(label, "←", label, "{p}", {"p": label}, {"p": p}, p, p)
        return
    optimizer = OPTIMIZERS[op.stepper.settings.optimizer]
    knobs = dict(zip(optimizer.knobs, op.stepper.knobs, strict=True))
    values = {**op.before, "lr": op.stepper.lr(op.step), **knobs}
    names: Mapping[str, str] = {
        **{state: f"{state}({label})" for state in optimizer.state},
        "p": label,
        "g": f"{label}.grad",
        "lr": "lr",
        "t": "t",
        **SYMBOLS,
    }
    told = []
    for line in optimizer.lines:
        template = line.text.replace("- {lr}", "+ {lr}") if op.stepper.climbs else line.text
        symbols = template.format(**names)
        before, after = op.before[line.target], op.after[line.target]
        told.append(Assignment(names[line.target], "←", symbols, template, names, dict(values), before, after))
        values[line.target] = after
    # The parameter is computed last, and matters most.
    yield from reversed(told)


def _why_updated(op: LastOp) -> str:
    settings = op.stepper.settings
    if op.index in op.stepper.frozen:
        frozen = op.index in settings.frozen
        return "It is frozen: updates leave it alone." if frozen else "There is no bias: it stays as it is."
    words = OPTIMIZERS[settings.optimizer].words
    if "no_zero_grad" in settings.mistakes:
        way = "along" if op.stepper.climbs else "against"
        words = f"zero_grad is forgotten: a step {way} the sum of all gradients so far."
    if "flipped" in settings.mistakes:
        return f"{words} Here its sign is flipped, on purpose."
    if settings.loss == "perceptron":
        return "The perceptron rule adds: each weight gains lr·(target − output)·x, summed over the batch."
    if len(op.program.parameters) == 1:
        words = f"{words} Of one variable the gradient is its derivative."
    climbs = settings.maximise and "no_zero_grad" not in settings.mistakes
    return f"{words} It climbs here: the sign is turned round." if climbs else words


# --- names


def _path(op: LastOp) -> str:
    sample = op.spot.sample if op.program.layers else None
    layer, neuron = op.scope
    levels = (("sample", None if sample is None else sample + 1), ("layer", layer), ("neuron", neuron))
    path = " › ".join(f"{name} {number}" for name, number in levels if number is not None)
    if op.timeline.second(op.spot):
        return "second time"
    return path or ("batch" if op.tape is not None and op.program.layers else "")
