"""The verdicts on the checks of one op. Knows the bench; must not know which mistakes there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..records import record, replace
from .bench import Bench, Tried, answers
from .checks.check import Check, Point, Stage
from .diagnosis import Answer, Finding
from .rows import Row
from .trial import Outcome

_CALLED = "TypeError: 'NoneType' object is not callable"
"""What a node raises whose backward was called where it should have been set."""


@record(eq=False)
class Difference:
    """A number that is not as it should be."""

    at: Point
    of: str
    got: float | complex
    want: float | complex


@record(eq=False)
class Heard:
    """What was answered to the checks of a stage."""

    stage: Stage
    tried: Mapping[Check, Sequence[Tried]]
    differences: Mapping[Check, Difference]

    @property
    def evidence(self) -> list[Answer]:
        """All of it."""
        return [answer for check, each in self.tried.items() for answer in answers(check, each)]


def hear(bench: Bench, stage: Stage, known: Mapping[str, object] | None = None) -> Heard:
    """Ask the engine what the stage has; `known` are names for its expressions."""
    tried = {
        check: [bench.tried(check.text, point, check.repeats, known) for point in check.points]
        for check in stage.checks
    }
    found = {check: _difference(bench, each, check.of_value) for check, each in tried.items()}
    return Heard(stage, tried, {check: each for check, each in found.items() if each is not None})


def stage_rows(bench: Bench, heard: Heard) -> Iterator[Row]:
    """A row for each check; one alone where the engine has nothing of all this, none if nobody expects it."""
    stage = heard.stage
    everything = [outcome for each in heard.tried.values() for at in each for outcome in at.got]
    if all(outcome.missing for outcome in everything):
        check = stage.checks[0]
        if not stage.optional:
            yield Row(check.name, "missing", check.text, check.points[0], got=everything[0].error)
        return
    finding = bench.diagnosis.explain(stage.op, heard.evidence) if heard.differences else None
    if finding is not None and stage.op == finding.op:
        finding = bench.diagnosis.replace(_by_the_graph(bench, stage, finding))
    for check, tried in heard.tried.items():
        differs = heard.differences.get(check)
        if differs is None:
            yield _not_wrong(check, tried)
        else:
            got, want = shown(differs.got), shown(differs.want)
            yield bench.wrong(Row(check.name, "wrong", check.text, differs.at, differs.of, got, want), finding)


def _by_the_graph(bench: Bench, stage: Stage, finding: Finding) -> Finding:
    """The finding, where an input gets no gradient: whether it is cut from the graph, or stands there and nothing is
    handed on to it, the numbers are the same. The graph itself tells.
    """
    check = next((check for check in stage.checks if check.plain), None)
    if check is None or finding.part != "gradient" or finding.kind not in ("cut", "no-backward"):
        return finding
    reached = bench.reached(check.text, check.points[0])
    of_side = [reached[side if len(reached) > 1 else 0] for side in finding.sides] if reached else []
    if finding.kind == "no-backward" and of_side and not any(of_side):
        return replace(finding, kind="cut", words="what it is made of is cut from the graph: it gets no gradient")
    if finding.kind == "cut" and all(of_side) and of_side:
        of = "{second}" if finding.sides == (1,) else "{first}"
        return replace(finding, kind="no-backward", words=f"{of} gets no gradient: nothing in backward is for it")
    return finding


def _difference(bench: Bench, tried: Sequence[Tried], of_value: bool) -> Difference | None:
    """The first number that differs from the truth; None if none does."""
    for each in tried:
        wanted = each.want.numbers()
        for outcome in each.got:
            numbers = {} if outcome.error else {"": outcome.value} if of_value else outcome.numbers()
            for name, got in numbers.items():
                if not bench.same(got, wanted[name]):
                    return Difference(each.at, name, got, wanted[name])
    return None


def _not_wrong(check: Check, tried: Sequence[Tried]) -> Row:
    failures = [(each.at, outcome) for each in tried for outcome in each.got if outcome.error]
    if failures:
        # That something is not supported is the least of what can be said.
        at, outcome = min(failures, key=lambda failure: failure[1].missing)
        return failure_row(check.name, check.text, at, outcome)
    first = tried[0]
    return Row(check.name, "right", check.text, first.at, "", shown(first.got[0].value), shown(first.want.value))


def failure_row(name: str, text: str, at: Point, outcome: Outcome) -> Row:
    """The row of what was raised."""
    where = "" if outcome.missing else " in backward" if outcome.computed else " before backward"
    if outcome.computed and outcome.error == _CALLED:
        where += ": a `_backward` is None, as `out._backward = _backward()` makes it: it is set without brackets"
    return Row(
        name,
        "missing" if outcome.missing else "raises",
        text,
        at,
        got=outcome.error,
        why=f"raised{where}" if where else "",
    )


def shown(number: float | complex) -> float | str:
    """A number as a row has it: a complex one as text."""
    return str(number) if isinstance(number, complex) else number
