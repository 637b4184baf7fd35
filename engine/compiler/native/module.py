"""Writes a plan's native function: steps, batches and updates around its samples. Knows plans; must not know layers.

`i64 @train(ptr frame)` does what a generated Python function does, in the same order, on the numbers of a frame, and
gives how many pieces it has done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..plan import Plan
from ..update import penalties, slopes, update
from .code import Function, number
from .formulas import computed
from .frame import FIELDS, WHOLE, read, stride
from .library import library
from .straight import Straight, formulas_of

LONGEST_LINE = 2_000
"""Ops up to which what is no network of layers becomes a straight line: LLVM takes a millisecond for each of five."""


class Samples(Protocol):
    """How the samples of a piece are gone through: by ops or by layers."""

    scratch: int
    """Doubles of scratch."""

    def functions(self) -> str:
        """The text of the functions that it calls."""
        ...

    def begin(self, code: Function, at: Mapping[str, str]) -> None:
        """Write what is done before a piece's samples, by the addresses of a frame's fields."""
        ...

    def go(self, code: Function, at: Mapping[str, str], piece: Piece) -> None:
        """Write all samples of a piece: their losses and wrong decisions, and what they add to gradients."""
        ...


class Piece:
    """What is known of a piece of work while it is gone through, each the name of a value."""

    def __init__(
        self, code: Function, at: Mapping[str, str], place: str, totals: tuple[str, str], batches: Batches
    ) -> None:
        self._code = code
        self._order = at["order"]
        own = code.times(place, at["each"])
        given, self.start, first, self.ends = (
            code.load(code.at(at[name], own, "i64"), "i64") for name in ("counts", "starts", "offsets", "ends")
        )
        self.count = batches.next(given)
        self._offset = code.plus(first, batches.gone)
        self.together = code.value(f"icmp sge i64 {self.start}, 0")
        told, size = code.load(code.at(at["sizes"], own)), code.value(f"sitofp i64 {self.count} to double")
        self.size = code.value(f"select i1 {batches.any}, double {size}, double {told}")
        self.share = code.binary("fdiv", number(1.0), self.size)
        self.total, self.wrong = totals

    def sample(self, place: str) -> str:
        """The number of the piece's sample at a place."""
        code = self._code
        beside = code.plus(self.start, place)
        # Where samples lie side by side, the order is read all the same: at its first place.
        behind = code.value(f"select i1 {self.together}, i64 0, i64 {code.plus(self._offset, place)}")
        listed = code.load(code.at(self._order, behind, "i64"), "i64")
        return code.value(f"select i1 {self.together}, i64 {beside}, i64 {listed}")

    def tell(self, loss: str, wrong: str | None) -> None:
        """Add a sample's loss, and whether it is decided wrongly."""
        code = self._code
        code.store(code.binary("fadd", code.load(self.total), loss), self.total)
        if wrong is not None:
            one = code.value(f"zext i1 {wrong} to i64")
            code.store(code.plus(code.load(self.wrong, "i64"), one), self.wrong, "i64")


class Batches:
    """Where the pieces are batches of epochs: how far these have gone."""

    def __init__(self, code: Function, at: Mapping[str, str]) -> None:
        self._code = code
        self._size, self._samples = at["batch"], at["samples"]
        self._cursor, self._gone = code.variable("i64", at["cursor"]), code.variable("i64", "0")
        self.any = code.value(f"icmp ne i64 {at['batch']}, 0")
        self.gone = ""
        """How many samples the batches before the next one have had."""

    def next(self, given: str) -> str:
        """How many samples the next batch has, and where it is none the piece that was `given`. It is then gone."""
        code = self._code
        cursor, self.gone = code.load(self._cursor, "i64"), code.load(self._gone, "i64")
        rest = code.binary("sub", self._samples, cursor, "i64")
        count = code.least(rest, self._size)
        after = code.plus(cursor, count)
        ends = code.value(f"icmp sge i64 {after}, {self._samples}")
        code.store(code.value(f"select i1 {ends}, i64 0, i64 {after}"), self._cursor, "i64")
        code.store(code.value(f"select i1 {self.any}, i64 {code.plus(self.gone, count)}, i64 0"), self._gone, "i64")
        return code.value(f"select i1 {self.any}, i64 {count}, i64 {given}")


class LineBySample:
    """Samples one after the other, each a straight line of ops."""

    scratch = 0

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def functions(self) -> str:
        return ""

    def begin(self, code: Function, at: Mapping[str, str]) -> None:
        pass

    def go(self, code: Function, at: Mapping[str, str], piece: Piece) -> None:
        plan = self._plan
        with code.loop(piece.count) as place:
            sample = piece.sample(place)
            x = code.at(at["rows"], code.times(sample, stride(len(plan.inputs))))
            y = code.at(at["targets"], code.times(sample, len(plan.targets)))
            values = {slot: code.load(code.at(at["parameters"], slot)) for slot in plan.parameters}
            values |= {slot: code.load(code.at(x, k)) for k, slot in enumerate(plan.inputs)}
            values |= {slot: code.load(code.at(y, k)) for k, slot in enumerate(plan.targets)}
            line = Straight(plan, code, values)
            loss = line.forward()
            piece.tell(loss, line.wrong() if plan.classes else None)
            places = {slot: code.at(at["gradients"], slot) for slot in plan.parameters}
            seed = piece.share if plan.mean else number(1.0)
            grads = line.backward(seed, {slot: code.load(place) for slot, place in places.items()})
            for slot, grad in grads.items():
                code.store(grad, places[slot])


def module(plan: Plan, samples: Samples) -> str:
    """The text of a plan's native function, with all that it calls."""
    return _Module(plan, samples).text()


def formulas(plan: Plan) -> list[str]:
    """All formulas that a plan is computed by."""
    once, lines = update(plan)
    return [*formulas_of(plan), *once, *(formula for _, formula in lines), "sign(p)"]


class _Module:
    def __init__(self, plan: Plan, samples: Samples) -> None:
        self._plan = plan
        self._samples = samples
        self._count = len(plan.parameters)
        self._once, self._lines = update(plan)

    def text(self) -> str:
        return "\n".join((library(formulas(self._plan)), self._samples.functions(), self._train()))

    def _train(self) -> str:
        code = Function("define i64 @train(ptr noalias %frame) nounwind")
        at = read(code, FIELDS, WHOLE)
        wrong = code.at(at["begun"], 1, "i64")
        begun = code.variable("i64", code.load(at["begun"], "i64"))
        totals = code.variable("double", code.load(at["totals"])), code.variable("i64", code.load(wrong, "i64"))
        done, steps = code.variable("i64", "0"), code.variable("i64", "0")
        going, mark = code.variable("i1", "true"), code.variable("ptr", at["marks"])
        due, batches = code.variable("i64", at["due"]), Batches(code, at)
        with code.loop(at["pieces"]) as place:
            fresh = code.value(f"icmp eq i64 {code.load(begun, 'i64')}, 0")
            with code.when(fresh):
                self._check(code, at, going)
            with code.when(code.load(going, "i1")):
                with code.when(fresh):
                    self._begin(code, at, totals)
                piece = Piece(code, at, place, totals, batches)
                self._samples.begin(code, at)
                self._samples.go(code, at, piece)
                code.store(code.plus(code.load(done, "i64"), 1), done, "i64")
                code.store(code.binary("xor", piece.ends, "1", "i64"), begun, "i64")
                with code.when(code.value(f"icmp ne i64 {piece.ends}, 0")):
                    step = code.load(steps, "i64")
                    known = self._known(code, at, place, step)
                    self._loss(code, at, piece, steps)
                    self._update(code, at, known)
                    self._trace(code, at, step)
                    with code.when(code.value(f"icmp eq i64 {code.load(steps, 'i64')}, {code.load(due, 'i64')}")):
                        self._mark(code, at, mark)
                        code.store(code.plus(code.load(due, "i64"), at["spacing"]), due, "i64")
        code.store(code.load(begun, "i64"), at["begun"], "i64")
        code.store(code.load(totals[1], "i64"), wrong, "i64")
        code.store(code.load(totals[0]), at["totals"])
        code.line(f"ret i64 {code.load(done, 'i64')}")
        return code.text()

    def _check(self, code: Function, at: Mapping[str, str], going: str) -> None:
        """Where that is asked, no parameter may be behind the limit."""
        with code.when(code.value(f"icmp ne i64 {at['bounded']}, 0")):
            outside = code.variable("i64", "0")
            with code.loop(self._count) as i:
                size = code.value(f"call double @llvm.fabs.f64(double {code.load(code.at(at['parameters'], i))})")
                large = code.value(f"fcmp ugt double {size}, {number(self._plan.limit)}")
                code.store(code.plus(code.load(outside, "i64"), code.value(f"zext i1 {large} to i64")), outside, "i64")
            code.store(code.value(f"icmp eq i64 {code.load(outside, 'i64')}, 0"), going, "i1")

    def _begin(self, code: Function, at: Mapping[str, str], totals: tuple[str, str]) -> None:
        """The start of a step: the penalties' gradients go first."""
        code.remark("a step begins")
        code.store(number(0.0), totals[0])
        code.store("0", totals[1], "i64")
        gradient = " + ".join(("0.0", *slopes(self._plan)))
        with code.loop(self._count) as i:
            p = code.load(code.at(at["parameters"], i))
            code.store(computed(code, gradient, {"p": p}), code.at(at["gradients"], i))

    def _loss(self, code: Function, at: Mapping[str, str], piece: Piece, steps: str) -> None:
        """The loss of the batch, from the sum of its samples'; and how many decisions were right."""
        code.remark("the batch's loss")
        loss = code.load(piece.total)
        if self._plan.mean:
            loss = code.binary("fdiv", loss, piece.size)
        for weight, term in penalties(self._plan):
            total = code.variable("double", number(-0.0))
            with code.loop(self._count) as i:
                share = computed(code, term, {"p": code.load(code.at(at["parameters"], i))})
                code.store(code.binary("fadd", code.load(total), share), total)
            penalty = code.binary("fmul", number(weight), code.load(total))
            loss = code.binary("fadd", loss, penalty)
        step = code.load(steps, "i64")
        code.store(loss, code.at(at["losses"], step))
        size = code.value(f"fptosi double {piece.size} to i64")
        right = code.binary("sub", size, code.load(piece.wrong, "i64"), "i64")
        code.store(right, code.at(at["rights"], step, "i64"), "i64")
        part = code.binary("fdiv", code.value(f"sitofp i64 {right} to double"), piece.size)
        code.store(part, code.at(at["accuracies"], step))
        code.store(code.plus(step, 1), steps, "i64")

    def _known(self, code: Function, at: Mapping[str, str], place: str, step: str) -> dict[str, str]:
        """What an update's formulas name that is the same for all parameters."""
        known = {name: code.load(code.at(at["knobs"], k)) for k, name in enumerate(self._plan.knobs)}
        known["lr"] = code.load(code.at(at["rates"], code.least(place, at["turning"])))
        known["t"] = code.value(f"sitofp i64 {code.plus(at['updates'], step)} to double")
        return known | {name: computed(code, formula, known) for formula, name in self._once.items()}

    def _update(self, code: Function, at: Mapping[str, str], known: Mapping[str, str]) -> None:
        """The optimiser's lines for each parameter; what is frozen is then put back."""
        code.remark("the update")
        state = {name: code.at(at["moments"], k * self._count) for k, name in enumerate(self._plan.state)}
        kept = code.at(at["scratch"], self._samples.scratch)
        for k, moments in enumerate(state.values()):
            code.store(code.load(code.at(moments, self._count - 1)), code.at(at["last"], k))
        self._frozen(code, at, state, kept, back=False)
        with code.loop(self._count) as i:
            own = {"p": code.at(at["parameters"], i), **{name: code.at(m, i) for name, m in state.items()}}
            values = {name: code.load(address) for name, address in own.items()}
            code.store(values["p"], code.at(at["previous"], i))
            values |= {"g": code.load(code.at(at["gradients"], i)), **known}
            for target, formula in self._lines:
                values[target] = computed(code, formula, values)
            for name, address in own.items():
                code.store(values[name], address)
        self._frozen(code, at, state, kept, back=True)

    def _trace(self, code: Function, at: Mapping[str, str], step: str) -> None:
        """Tell of each parameter that is watched what the step has left."""
        row = code.at(at["traces"], code.times(code.times(step, at["watching"]), 2))
        with code.loop(at["watching"]) as k:
            i, place = code.load(code.at(at["watched"], k, "i64"), "i64"), code.at(row, code.times(k, 2))
            code.store(code.load(code.at(at["parameters"], i)), place)
            code.store(code.load(code.at(at["gradients"], i)), code.at(place, 1))

    def _mark(self, code: Function, at: Mapping[str, str], mark: str) -> None:
        """Copy all the numbers, and go to the place of the next copy."""
        here, size = code.load(mark, "ptr"), self._count * (3 + len(self._plan.state))
        with code.loop(size) as i:
            code.store(code.load(code.at(at["parameters"], i)), code.at(here, i))
        code.store(code.at(here, size), mark, "ptr")

    def _frozen(
        self, code: Function, at: Mapping[str, str], state: Mapping[str, str], kept: str, *, back: bool
    ) -> None:
        """Keep what updates leave alone, or put it back."""
        own = [at["parameters"], *state.values()]
        with code.loop(at["fixed"]) as k:
            i = code.load(code.at(at["frozen"], k, "i64"), "i64")
            for place, array in enumerate(own):
                one, other = code.at(array, i), code.at(kept, code.plus(code.times(k, len(own)), place))
                one, other = (one, other) if back else (other, one)
                code.store(code.load(other), one)
