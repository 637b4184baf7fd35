"""The op that was run last: its numbers before and after, and the chain rule in them. Must not know commands, history
or the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...autograd.tape import Tape, formula, text
from ...autograd.value import Value
from ...nn.optimizers import OPTIMIZERS, SYMBOLS
from ..snapshot.event import Assignment, Event
from ..snapshot.network import Lit
from .stepper import State, Stepper


class LastOp:
    """An op of a step on a state. It is made just before the op is run; `finish` then takes in what the op wrote."""

    def __init__(self, stepper: Stepper, state: State) -> None:
        stepper.prepare(state)
        self._stepper = stepper
        self._program = program = stepper.program
        self._timeline = timeline = stepper.timeline(state)
        self._step = state.step
        self.spot = timeline.spot(state.op)
        self.scope = timeline.scope(self.spot)
        self._index = timeline.instruction(self.spot)
        self.tape: Tape | None = None
        if self.spot.phase not in ("zero_grad", "update"):
            self.tape = program.tape if self.spot.sample is not None else program.batch(timeline.size).tape
        self._before = self._numbers(state)

    @classmethod
    def of_step(cls, stepper: Stepper, state: State, moments: Sequence[float]) -> LastOp:
        """The last op of a compiled step, the update of the last parameter, whose optimiser state was `moments`."""
        made = cls.__new__(cls)
        made._stepper, made._program, made._step = stepper, stepper.program, state.step - 1
        made._timeline = stepper.timeline_of(state.measured)
        made.spot = made._timeline.spot(made._timeline.total - 1)
        made.scope = made._timeline.scope(made.spot)
        made._index, made.tape = made._timeline.instruction(made.spot), None
        made.finish(state)
        before = dict.fromkeys(("a", "b", "y", "p"), state.previous[made._index])
        names = OPTIMIZERS[stepper.settings.optimizer].state
        made._before = {**made._after, **before, **dict(zip(names, moments, strict=True))}
        return made

    def finish(self, state: State) -> LastOp:
        """The op has been run."""
        self._after = self._numbers(state)
        return self

    @property
    def sample(self) -> int:
        """Number of the sample that was in memory, from 1: for an op of the batch or of a parameter, the last one."""
        return self._timeline.size if self.spot.sample is None else self.spot.sample + 1

    @property
    def slots(self) -> tuple[int, int, int]:
        """Slots of a tape op's inputs and of its result; of a parameter's op, three times the parameter."""
        if self.tape is None:
            return self._index, self._index, self._index
        _, i, j, k = self.tape.program[self._index]
        return i, j, k

    def _numbers(self, state: State) -> dict[str, float]:
        i, j, k = self.slots
        data, grad = state.memory.data, state.memory.grad
        numbers = {"a": data[i], "b": data[j], "y": data[k], "ga": grad[i], "gb": grad[j], "g": grad[k], "p": data[i]}
        if self.spot.phase == "update":
            names = OPTIMIZERS[self._stepper.settings.optimizer].state
            numbers |= {name: moment[i] for name, moment in zip(names, state.moments, strict=True)}
            numbers["t"] = state.updates + (state.step == self._step)
        return numbers

    # --- what it touched

    def lit(self) -> Lit | None:
        """The part of the network that it touched."""
        layer, neuron = self.scope
        if layer is None or neuron is None or not self._program.layers:
            return None
        plan, parameter = self._program.layers[layer - 1], self.parameter()
        first = plan.first_parameter + (neuron - 1) * (plan.inputs + 1)
        weight = parameter - first if parameter is not None and parameter - first < plan.inputs else None
        return Lit(layer - 1, neuron - 1, weight, self.spot.phase == "backward")

    def parameter(self) -> int | None:
        """Index of the parameter that it read or wrote."""
        return next((slot for slot in self.slots[1::-1] if slot in self._program.parameters), None)

    # --- what it did

    def event(self) -> Event:
        """The op in words and numbers."""
        phase = self.spot.phase
        if self.tape is None:
            label = self._program.slots.values[self._index].label
            lines = self._zeroing(label) if phase == "zero_grad" else self._updating(label)
            expression = f"{label}.grad" if phase == "zero_grad" else label
            return Event(phase, self._path(), expression, "", self._words(), tuple(lines))
        row = self.tape.ops[self._index]
        lines = self._backward() if phase == "backward" else self._forward()
        words = row.words if phase == "backward" else ""
        return Event(phase, self._path(), self._formula(), row.name, words, tuple(lines))

    def _words(self) -> str:
        """What an op on a parameter is for."""
        settings = self._stepper.settings
        if self.spot.phase == "zero_grad":
            if self._program.tape.overwrites:
                return "Each gradient starts again from 0."
            return "Gradients add up in backward, so each starts again from 0."
        if self._index in self._stepper.frozen:
            frozen = self._index in settings.frozen
            return "It is frozen: updates leave it alone." if frozen else "There is no bias: it stays as it is."
        if "flipped" in settings.mistakes:
            return f"{OPTIMIZERS[settings.optimizer].words} Here its sign is flipped, on purpose."
        if settings.loss == "perceptron":
            return "The perceptron rule adds: each weight gains lr·(target − output)·x, summed over the batch."
        words = OPTIMIZERS[settings.optimizer].words
        return f"{words} It climbs here: the sign is turned round." if settings.maximise else words

    def _path(self) -> str:
        sample = self.spot.sample
        layer, neuron = self.scope
        levels = (("sample", None if sample is None else sample + 1), ("layer", layer), ("neuron", neuron))
        path = " › ".join(f"{name} {number}" for name, number in levels if number is not None)
        return path or ("batch" if self.tape is not None else "")

    def _short(self, name: str) -> str:
        """A name without the neuron's own prefix, which the path has already said."""
        layer, neuron = self.scope
        return name if self.tape is None else name.replace(f"L{layer}.n{neuron}.", "")

    def _name(self, value: Value) -> str:
        return self._short(text(value))

    def _formula(self) -> str:
        return self._short(formula(self._program.slots.values[self.slots[2]]))

    def _operands(self) -> tuple[dict[str, str], dict[str, float]]:
        """Names and numbers for {a}, {b}, {y} and {g}."""
        i, j, k = self.slots
        values = self._program.slots.values
        names = {"a": self._name(values[i]), "b": self._name(values[j]), "y": self._name(values[k])}
        names["g"] = f"{bracketed(names['y'])}.grad"
        return names, {name: self._after[name] for name in ("a", "b", "y", "g")}

    def _forward(self) -> Iterator[Assignment]:
        assert self.tape is not None
        names, values = self._operands()
        row = self.tape.ops[self._index]
        yield Assignment(names["y"], "=", self._formula(), row.text, names, values, self._before["y"], self._after["y"])

    def _backward(self) -> Iterator[Assignment]:
        """An assignment for each input that is differentiated; parameters come first, the numbers of the expression
        are left out.
        """
        assert self.tape is not None
        row, program = self.tape.ops[self._index], self._program
        names, values = self._operands()
        result = bracketed(names["y"])
        if self.spot.op == self._timeline.zero_end:
            yield Assignment(names["g"], "=", "∂loss/∂loss", "1", {}, {}, 0.0, values["g"])
        grad = {slot: self._before[name] for slot, name in zip(self.slots[:2], ("ga", "gb"), strict=True)}
        lines = []
        for slot, name, slope, rule in zip(self.slots[:2], "ab", row.slopes, row.rules, strict=False):
            if slope is None or slot in self.tape.constants:
                continue
            before = grad[slot]
            # The very sum that the replay makes; with a + a the second input begins where the first one ended.
            share = slope(values["a"], values["b"], values["y"]) * values["g"]
            grad[slot] = share if self.tape.overwrites else before + share
            symbols = f"∂{result}/∂{bracketed(names[name])} · {names['g']}"
            target, operator = f"{bracketed(names[name])}.grad", "=" if self.tape.overwrites else "+="
            line = Assignment(target, operator, symbols, f"{rule} · {{g}}", names, values, before, grad[slot])
            lines.append((slot not in program.parameters, slot in program.replaced, line))
        yield from (line for _, _, line in sorted(lines, key=lambda item: item[:2]))

    def _zeroing(self, label: str) -> Iterator[Assignment]:
        yield Assignment(f"{label}.grad", "=", "0", "0", {}, {}, self._before["g"], self._after["g"])

    def _updating(self, label: str) -> Iterator[Assignment]:
        if self._index in self._stepper.frozen:
            p = self._after["p"]
            yield Assignment(label, "←", label, "{p}", {"p": label}, {"p": p}, p, p)
            return
        optimizer = OPTIMIZERS[self._stepper.settings.optimizer]
        values: dict[str, float] = dict(self._before)
        values |= {"lr": self._stepper.lr(self._step), **dict(zip(optimizer.knobs, self._stepper.knobs, strict=True))}
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
            template = line.text.replace("- {lr}", "+ {lr}") if self._stepper.climbs else line.text
            symbols = template.format(**names)
            before, after = self._before[line.target], self._after[line.target]
            told.append(Assignment(names[line.target], "←", symbols, template, names, dict(values), before, after))
            values[line.target] = after
        # The parameter is computed last, and matters most.
        yield from reversed(told)


def bracketed(name: str) -> str:
    """A name that can stand before a dot or in a product: an expression in brackets, a plain name as it is."""
    return name if name.replace(".", "").replace("_", "").isalnum() else f"({name})"
