"""The single lines of the screen, header, knobs and keys, as strips. Must not know widgets or the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, product

from textual.strip import Strip

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas import numbers
from ..canvas.pieces import GAP, Hint, Piece, cells, hint, joined, strip
from ..canvas.text import in_lines
from ..style.look import Look

BETWEEN = 3
"""Cells between two groups of keys."""


@record
class Said:
    """Something that the user is told."""

    text: str
    wrong: bool
    """It is an error or a refusal."""


_Pieces = list[list[Piece]]
_Layout = tuple[int, _Pieces, _Pieces]
"""The gap between pieces, those at the left, and those at the right."""


_SPARED = ("horizon", "l2", "loss", "batch", "activation", "goal", "speed", "optimiser", "step by")
"""Knobs that are left out where there is no room, the least needed first."""


def header(
    snapshot: Snapshot, width: int, look: Look, *, playing: bool, stop: str = "", company: str = "", ago: str = ""
) -> Strip:
    """Who is being trained at the left, with what is broken on purpose; at the right why and where it stands, or what
    it is doing: `stop` is the key that ends a movement that is under way. `company` says who looks on, or who is looked
    on at, and `ago` how long ago it was what is shown.

    Where there is no room the subject's facts give way first, then words about why; that something is broken is said
    always.
    """
    palette = look.palette
    doing = look.glyphs.say(f"working… {stop} stops") if stop else "playing" if playing else ago
    playing = bool(doing)
    left, right = _subject(snapshot, look, company), _place(snapshot, look, doing)
    step = right[-1] if playing else right[0]
    brief = [*left[:3], [(f"{snapshot.subject.parameters} par", palette.quiet)]]
    bare = [right[0], *right[2:]] if len(right) > 3 else right
    layouts: list[_Layout] = [
        (3, left, right),
        (2, left, right),
        (2, left[:4], right),
        (2, brief, right),
        (2, left[:3], right),
        (2, left[:2], right),
        (2, left[:2], bare),
        (1, left[:2], bare),
        (1, [[("", palette.text)], left[1]], bare),
        (1, [], bare),
    ]
    notes = _notes(snapshot, look, playing=playing)
    least: _Layout = (1, [], [step])
    best = product(notes[:2], layouts[:7])
    for (broken, why), (gap, who, where) in chain(best, product(notes, layouts), product(notes, [least])):
        first, second = joined([*who, *broken], gap), joined([*why, *where], gap)
        space = width - cells(first) - cells(second) - 1
        if space >= (gap if first else 0):
            return strip([*first, (" " * space, palette.text), *second, (" ", palette.text)], width)
    return strip(joined([*notes[-1][0], step], 1), width)


def _subject(snapshot: Snapshot, look: Look, company: str) -> _Pieces:
    """What is trained and before whom, the least needed last."""
    palette, glyphs = look.palette, look.glyphs
    subject = snapshot.subject
    name = [(subject.name, palette.strong)]
    fork = next((fork.name for fork in snapshot.forks if fork.current), None)
    if fork is not None:
        name += [(f" {glyphs.arrow} ", palette.quiet), (fork, palette.accented)]
    left: _Pieces = [
        [(f" {company}", palette.accented) if company else (" chainstep", palette.key)],
        name,
        [(subject.architecture, palette.text)],
        [(f"{subject.parameters} parameter{'s' * (subject.parameters != 1)}", palette.quiet)],
    ]
    if not subject.expression:
        left.append([(f"seed {snapshot.settings.seed}", palette.quiet)])
    if snapshot.position.engine:
        left.append([(snapshot.position.engine, palette.quiet)])
    return left


def _place(snapshot: Snapshot, look: Look, doing: str) -> _Pieces:
    """Where it stands or, while it moves, what it is doing."""
    position, palette = snapshot.position, look.palette
    step: list[Piece] = [(f"step {position.step}", look.number(palette.strong, "step"))]
    if snapshot.script is not None and snapshot.script.moments > 1:
        step.insert(0, (f"moment {snapshot.script.moment}  ", palette.text))
    if doing:
        return [[(doing, palette.lit_line)], step]
    right = [step]
    if position.sample is not None and position.samples > 1:
        right.append([(f"sample {position.sample}/{position.samples}", palette.text)])
    if snapshot.script is not None and snapshot.script.ended:
        return [*right, [("end", palette.accented)]]
    right.append([(position.phase, palette.accented)])
    right.append([(f"op {position.op}/{position.ops}", palette.text)])
    return right


def _notes(snapshot: Snapshot, look: Look, *, playing: bool) -> list[tuple[_Pieces, _Pieces]]:
    """What has gone wrong or is broken on purpose, and why it stopped, in fewer and fewer words."""
    palette, glyphs = look.palette, look.glyphs
    labels = [mistake.label for mistake in snapshot.mistakes]
    more = f" +{len(labels) - 1}" if len(labels) > 1 else ""
    fault = [] if snapshot.fault is None else [numbers.plain(snapshot.fault.result)]
    broken: list[_Pieces] = [
        [[("", palette.text), (f" {'  '.join(texts)} ", palette.alarm_cell)]] if texts else []
        for texts in (
            [f"{text}: N says why" for text in fault] + [f"BROKEN: {', '.join(labels)}"] * bool(labels),
            fault + [f"BROKEN: {''.join(labels[:1])}{more}"] * bool(labels),
            fault + ["BROKEN"] * bool(labels),
        )
    ]
    reason = "" if playing else snapshot.stopped or ""
    stopped: list[_Pieces] = [
        [[(f"{glyphs.stop} {text} ", palette.lit_line)]] if text else [] for text in (reason, reason.split(":")[0], "")
    ]
    return [(broken[many], stopped[much]) for many, much in ((0, 0), (1, 0), (1, 1), (2, 1), (2, 2))]


def knobs(snapshot: Snapshot, width: int, look: Look, *, speed: float | None) -> Strip:
    """The hyperparameters; what waits for the next step has a mark."""
    palette = look.palette
    items = _settings(snapshot, look.glyphs.say)
    items += [("speed", "max" if speed is None else f"{speed:g}/s"), ("step by", snapshot.granularity)]
    brief = {"optimiser": "", "activation": "", "loss": "", "step by": "by"}
    layouts: list[tuple[int, dict[str, str], int]] = [(3, {}, 0), (2, {}, 0), (2, {}, 1), (2, brief, 1), (2, brief, 2)]
    layouts += [(1, brief, count) for count in range(4, len(_SPARED) + 1)]
    for gap, names, dropped in layouts:
        pieces = [
            [(f"{names.get(name, name)} ".lstrip(), palette.quiet), (value, look.number(palette.text, name))]
            for name, value in items
            if name not in _SPARED[:dropped]
        ]
        line = [(" ", palette.text), *joined(pieces, gap)]
        if cells(line) <= width:
            break
    return strip(line, width)


def _settings(snapshot: Snapshot, say: Callable[[str], str]) -> list[tuple[str, str]]:
    """The (name, value) of each knob that the subject has."""
    settings, pending = snapshot.settings, snapshot.pending
    if snapshot.script is not None:
        script = snapshot.script
        return [("moment", f"{script.moment} of {script.moments}"), ("at", script.place), ("yours", script.agreement)]

    def mark(*names: str) -> str:
        return "*" if any(name in pending for name in names) else ""

    schedule = "" if settings.schedule == "constant" else f" {settings.schedule}"
    batch = "all" if settings.batch_size is None else str(settings.batch_size)
    training = [
        ("lr", f"{snapshot.lr:.4g}{schedule}{mark('schedule', 'horizon')}"),
        *([("horizon", f"{settings.horizon}{mark('horizon')}")] if schedule else []),
        ("optimiser", settings.optimizer + mark("optimizer", "momentum", "beta1", "beta2", "eps")),
    ]
    if snapshot.subject.expression:
        return [*training, ("goal", "maximise" if settings.maximise else "minimise")]
    return [
        *training,
        ("batch", batch + mark("batch_size")),
        ("loss", say(snapshot.objective) + mark("loss", "class_weights")),
        ("l2", f"{settings.l2:g}{mark('l2', 'l1')}"),
        ("activation", settings.bends + mark("activation")),
    ]


def knobs_key(snapshot: Snapshot) -> object:
    """What the knobs' line is made of: equal where it is the same."""
    knobs = snapshot.settings, snapshot.pending, snapshot.lr, snapshot.objective, snapshot.granularity
    return *knobs, snapshot.subject, snapshot.script


def said(what: Said | None, width: int, look: Look) -> list[Strip]:
    """What the user is told, in one line or, where that is too long, in two; in none where it is nothing."""
    if what is None:
        return []
    palette, glyphs = look.palette, look.glyphs
    style, mark = (palette.alarm, glyphs.bad) if what.wrong else (palette.strong, "")
    rows = in_lines(f"{mark} {what.text}".lstrip(), width - 2, 2)
    return [strip([(" " + glyphs.say(row), style)], width) for row in rows]


def keys(groups: Iterable[Sequence[Hint]], width: int, look: Look) -> Strip:
    """Keys and their words, group by group, with a line between two groups."""
    palette, glyphs = look.palette, look.glyphs
    pieces = [joined((hint(*one, palette.key, palette.quiet) for one in group), GAP) for group in groups]
    line: list[Piece] = [(" ", palette.text)]
    for place, group in enumerate(pieces):
        if place:
            line.append((glyphs.lines[1].center(BETWEEN), palette.faint))
        line += group
    return strip(line, width)
