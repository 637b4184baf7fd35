"""What the next step forward does, and the cycle that it is a part of, each in one line. Must not know widgets or the
session.
"""

from __future__ import annotations

from chainstep.engine.training.snapshot.position import Position
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas.pieces import Piece, cells
from ..style.look import Look

# --- the cycle


def cycle(snapshot: Snapshot, room: int, look: Look) -> list[Piece]:
    """`forward › loss › zero_grad › backward › update` in at most `room` cells: the phase of the last op, and that of
    the next one, where this is another; one that is lit has a sign before it.

    Where there is no room the signs between the phases touch them, and then only these two are named.
    """
    palette, position = look.palette, snapshot.position
    done = snapshot.event.phase if snapshot.event is not None else None
    over = snapshot.script is not None and snapshot.script.ended
    styles = dict.fromkeys(look.light.phases, palette.pointed_cell)
    if not over:
        styles[position.phase] = palette.coming_cell
    if done is not None:
        styles[done] = palette.lit_cell
    named = tuple(phase for phase in position.phases if phase in styles)
    for phases, gap in ((position.phases, " › "), (position.phases, "›"), (named, "›"), (named[-1:], "")):
        line: list[Piece] = []
        for phase in phases:
            line += [(look.glyphs.say(gap), palette.quiet)] * bool(line)
            if phase in look.light.phases:
                line.append((look.glyphs.pointed, palette.pointed_line))
            line.append((phase, styles.get(phase, palette.quiet)))
        if cells(line) <= room:
            return line
    return []


# --- the next step


def ahead(snapshot: Snapshot, look: Look) -> list[Piece]:
    """`▷ next: x2*w2 = 1.0 × 0.5`, in numbers where these are known; of a larger step, what it goes through."""
    palette, position = look.palette, snapshot.position
    if snapshot.script is not None and snapshot.script.ended:
        return [("the last backward() of this run is over", palette.quiet)]
    mark = look.glyphs.coming(backward=position.phase == "backward")
    line: list[Piece] = [(f"{mark} next: ", palette.coming_line)]
    if snapshot.granularity != "op":
        return [*line, (_unit(snapshot), palette.coming_line)]
    line.append((_where(snapshot), palette.coming_line))
    if snapshot.next is None or not snapshot.next.assignments:
        return [*line, (look.glyphs.say(_op(position)), palette.coming_line)]
    from .chain_rule import worked_out  # the first frame has no numbers yet

    worked = worked_out(snapshot.next, palette.coming_line, look)
    return [*line, *((look.glyphs.in_place(text), style) for text, style in worked)]


def stopped(snapshot: Snapshot, look: Look) -> list[Piece]:
    """`■ stopped: backward L1.n2`, where a breakpoint did that."""
    if not snapshot.stopped:
        return []
    return [(f"{look.glyphs.stop} stopped: {look.glyphs.say(snapshot.stopped)}", look.palette.lit_line)]


def _where(snapshot: Snapshot) -> str:
    """`L1.n2: `, where the last op, whose place stands above, was not of the same neuron, or not of the same sample."""
    position, event = snapshot.position, snapshot.event
    if position.phase in ("zero_grad", "update") or snapshot.subject.expression or position.sample is None:
        return ""
    before = event.scope.split(" › ") if event is not None else ["sample 1"]
    sample = f"sample {position.sample}"
    words = [sample] if sample not in before else []
    if position.neuron is not None and (words or position.scope.split(" › ")[1:] != before[1:]):
        words.append(f"L{position.layer}.n{position.neuron}")
    return f"{' '.join(words)}: " if words else ""


def _op(position: Position) -> str:
    """The next op without its numbers."""
    text, phase = position.expression, position.phase
    return {"backward": f"backward through {text}", "zero_grad": f"{text} = 0", "update": f"update {text}"}.get(
        phase, text
    )


def _unit(snapshot: Snapshot) -> str:
    """What a step that is larger than an op goes through: `forward: neuron 2 of layer 1, 7 ops`."""
    position, granularity = snapshot.position, snapshot.granularity
    if granularity == "epoch":
        return "on to the end of the epoch"
    begun = "the rest of the step" if position.index else "a whole step"
    if granularity == "phase":
        begun = f"the rest of {position.phase}" if position.op else f"all of {position.phase}"
    elif granularity != "step":
        begun = f"{position.phase}: {_scope(snapshot)}"
    return f"{begun}, {position.stride} op{'s' * (position.stride != 1)}"


def _scope(snapshot: Snapshot) -> str:
    """The unit in which the next op lies."""
    position, granularity = snapshot.position, snapshot.granularity
    if position.group and granularity in ("neuron", "layer"):
        return position.group if granularity == "neuron" else position.group.split(" › ")[0]
    if position.neuron is not None and granularity == "neuron":
        return f"neuron {position.neuron} of layer {position.layer}"
    if position.layer is not None and granularity == "layer":
        return f"layer {position.layer}"
    if position.phase in ("zero_grad", "update"):
        return "every parameter"
    if snapshot.subject.expression:
        return "the whole expression"
    if position.sample is None:
        return "the batch's loss"
    return f"sample {position.sample}" if granularity == "sample" else f"the loss of sample {position.sample}"
