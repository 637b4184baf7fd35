"""The words in the edges of the Loss pane: of the newest losses, and of those at the cursor. Must not know widgets."""

from __future__ import annotations

import math
from bisect import bisect_left

from chainstep.engine.training.snapshot.curve import Curve, Measured
from chainstep.engine.training.snapshot.series.stretches import Stretch
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas import numbers
from ..style.glyphs import Glyphs
from .window import CurveOptions

NO_LOSS = "no loss yet: press → or space"
NO_VALUE = "no value yet: press → or space"
"""The same of an expression."""
NOTHING = "nothing yet"
"""The same for who looks on."""

LOG_HINT = "log shows more"
"""For where a linear axis shows the small losses as one flat line."""

_ROUND_NOTE, _ROUND_TITLE = 6, 4
"""Cells of an edge that are the frame's own, with a note at its right end and without one."""

_PLAIN = ((0, 0), (1, 0), (1, 1), (2, 2), (3, 2), (4, 1), (4, 2), (5, 2), (4, 3), (5, 3))
"""(title, test) in fewer and fewer words."""

_LOOKED_AT = ((0, 0, 0), (1, 0, 0), (4, 0, 0), (4, 1, 0), (4, 1, 1), (4, 1, 2), (4, 1, 3), (5, 1, 3), (6, 1, 3))
"""(title, how the curve is looked at, test): whoever mistakes an average for the loss is misled more than one who
misses an accuracy.
"""


def heading(snapshot: Snapshot, width: int, options: CurveOptions) -> tuple[str, str]:
    """Title and note of a pane of `width` cells, in as many words as fit: nothing is cut off."""
    titles, tests = _titles(snapshot), _tests(snapshot)
    looks = _joined(f"last {options.last}" if options.last else "", "log" if options.log else "")
    smoothing = options.smoothing
    if smoothing or looks:
        average = (f"smoothed {smoothing:g}", f"~{smoothing:g}") if smoothing else ("", "")
        ways = [_joined(way, looks) for way in average]
        choices = [(titles[title], _joined(ways[way], tests[test])) for title, way, test in _LOOKED_AT]
    else:
        choices = [(titles[title], tests[test]) for title, test in _PLAIN]
    return next((choice for choice in choices if _fits(*choice, width)), choices[-1])


def _titles(snapshot: Snapshot) -> list[str]:
    """`Loss 0.2481  accuracy 4/4`, in fewer and fewer words."""
    what = "Value" if snapshot.subject.expression else "Loss"
    if snapshot.script is not None and snapshot.script.root:
        what = snapshot.script.root
    if snapshot.loss is None:
        return [what] * 7
    exact, brief = f"{what} {numbers.loss(snapshot.loss)}", f"{what} {numbers.brief(snapshot.loss)}"
    exact += " weighted" * bool(snapshot.subject.class_weights)
    if snapshot.rmse is not None:
        rmse = numbers.measured(snapshot.rmse, 5).strip()
        told = [f"{exact}  RMSE {rmse} {snapshot.subject.target}", f"{exact}  RMSE {rmse}", f"{exact}  RMSE {rmse}"]
        return [*told, f"{brief} RMSE {rmse}", exact, brief, what]
    if snapshot.accuracy is None:
        return [exact] * 3 + [brief, exact, brief, what]
    right = f"{round(snapshot.accuracy * snapshot.accuracy_of)}/{snapshot.accuracy_of}"
    told = [f"{exact}  accuracy {right}", f"{exact}  {right}", f"{exact} {right}", f"{brief} {right}"]
    return [*told, exact, brief, what]


def _tests(snapshot: Snapshot) -> list[str]:
    """`test 0.31  98%`, in fewer and fewer words; empty without a test set. One of an earlier step says of which."""
    if snapshot.test_loss is None:
        return [""] * 4
    step = snapshot.test_step
    test = "test" if step is None or step == snapshot.position.step else f"test at step {step}:"
    exact, brief = f"{test} {numbers.loss(snapshot.test_loss)}", f"{test} {numbers.brief(snapshot.test_loss)}"
    whole = exact if snapshot.test_accuracy is None else f"{exact}  {snapshot.test_accuracy:.0%}"
    if snapshot.test_rmse is not None:
        rmse = numbers.measured(snapshot.test_rmse, 5).strip()
        return [f"{exact}  RMSE {rmse}", f"{test} RMSE {rmse}", f"{test} {rmse}", ""]
    return [whole, exact, brief, ""]


def _fits(title: str, note: str, width: int) -> bool:
    return len(title) + len(note) + (_ROUND_NOTE if note else _ROUND_TITLE) <= width


def there(
    curve: Curve,
    step: int,
    width: int,
    glyphs: Glyphs,
    *,
    smoothing: float,
    what: str = "loss",
    found: Measured | None = None,
) -> str:
    """What was measured at a step, and what happened there, in `width` cells: the least needed goes first. See `at` for
    what was `found`.
    """
    known = at(curve, step, found)
    loss = measured(known.loss)
    words = [(f"step {step}", f"step {step}"), (f"{what} {loss}", loss)]
    for sign, marks in zip("◆■" if glyphs.unicode else "^#", (curve.marks, curve.stops), strict=True):
        words += [(f"{sign} {done}",) * 2 for at, done in marks if at == step]
    if smoothing:
        from .smooth import smoothed  # the first frame does not wait for it

        average = numbers.loss(smoothed(curve.loss, smoothing, step + 1).stretch(step).last)
        words.append((f"smoothed {average}", f"~{average}"))
    place = bisect_left(curve.test_steps, step)
    if step in curve.test_steps[place : place + 1]:
        words.append((f"test {numbers.loss(curve.test_loss[place])}",) * 2)
    words.append((f"lr {curve.lr[step]:.4g}",) * 2)
    accuracy = fraction(known.accuracy)
    if accuracy:
        words.append((f"accuracy {accuracy}", accuracy))
    if known.ghost is not None:
        words.append((f"before {measured(known.ghost)}",) * 2)
    ways = ("  ".join(way) for many in range(len(words), 0, -1) for way in zip(*words[:many], strict=True))
    return next((way for way in ways if len(way) <= width), "")


def at(curve: Curve, step: int, found: Measured | None = None) -> Measured:
    """What is known of a step: what was `found` out, if that is of this step, else what the curve says."""
    if found is not None and found.step == step:
        return found
    ghost = curve.ghost
    before = ghost.stretch(step) if ghost is not None and step < len(ghost) else None
    return Measured(step, curve.loss.stretch(step), curve.accuracy.stretch(step), before)


def measured(stretch: Stretch) -> str:
    """The loss of a step; where it is known by its stretch only, the least and the most that it can be."""
    if stretch.exact or not stretch.low < stretch.high:
        return numbers.loss(stretch.first)
    return f"{numbers.loss(stretch.low)}…{numbers.loss(stretch.high)}"


def fraction(stretch: Stretch) -> str:
    """The accuracy of a step, likewise; empty where it means nothing."""
    if stretch.low < stretch.high:
        return f"{stretch.low:.0%}…{stretch.high:.0%}"
    return "" if math.isnan(stretch.first) else f"{stretch.first:.0%}"


def _joined(*words: str) -> str:
    """With a blank between, without those that are empty."""
    return " ".join(filter(None, words))
