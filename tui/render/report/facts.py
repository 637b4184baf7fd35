"""What there is to say of a table before anything trains, in lines. Must not know how it was read."""

from __future__ import annotations

import math
from collections import Counter

from chainstep.datasets.blocks import in_blocks
from chainstep.datasets.columns.preparation import Prepared
from chainstep.datasets.dataset import Dataset

from ...files.subjects.weighing import Weighing
from ..canvas import numbers


def baseline(data: Dataset) -> float:
    """What is right without learning: the accuracy of the largest class of the training part on the test part, or the
    RMSE of the training part's mean in the target's units; on the training part where nothing is tested.
    """
    targets = data.test_targets or data.train_targets
    if data.classes:
        usual = Counter(in_blocks(data.train_targets)).most_common(1)[0][0]
        return sum(target == usual for target in targets) / len(targets)
    mean = math.fsum(in_blocks(data.train_targets)) / len(data.train_targets)
    # Products become infinite where powers raise.
    squares = sum((target - mean) * (target - mean) for target in targets)
    return math.sqrt(squares / len(targets)) * data.target_scale


def of_rows(prepared: Prepared) -> list[str]:
    """How the rows are parted, and which are left out."""
    data = prepared.data
    train, test = len(data.train_targets), len(data.test_targets)
    counted = {"without the target": prepared.untold, "with gaps": prepared.gaps}
    lost = ", ".join(f"{count:,} {words}" for words, count in counted.items() if count)
    left = f"; left out: {lost}" if lost else ""
    lines = [f"{prepared.rows:,} rows: {train:,} to train on, {test:,} to test on{left}"]
    return [*lines, of_chosen(data)] if data.chosen_of else lines


def of_target(data: Dataset) -> str:
    """How the target is spread, in a line."""
    if not data.classes:
        mean, spread = numbers.plain(data.target_mean), numbers.plain(data.target_scale)
        return f"{data.target}: mean {mean}, spread {spread}"
    counts = Counter(in_blocks((*data.train_targets, *data.test_targets)))
    told = ", ".join(f"{name} {counts[float(k)]}" for k, name in enumerate(data.classes[:8]))
    return f"{data.target}: {told}{', …' if len(data.classes) > 8 else ''}"


def of_baseline(data: Dataset) -> str:
    """What has to be beaten."""
    measured = "tests" if data.test_targets else "rows"
    if data.classes:
        return f"always the largest class is right in {100.0 * baseline(data):.4g} % of the {measured}"
    return f"always the mean is off by {numbers.plain(baseline(data))} (RMSE) in the {measured}"


def of_rare(data: Dataset, classes: Weighing) -> str:
    """Which class is rare, in words that go on; empty where none is."""
    if classes.rarest is None:
        return ""
    count, rows = classes.counts[classes.rarest], sum(classes.counts)
    part = 100.0 * count / rows
    return f"{data.classes[classes.rarest]} is rare: {count:,} of {rows:,} rows to train on, {part:.2g} %"


def of_weights(data: Dataset, classes: Weighing) -> str:
    """What a sample of the rarest class would weigh, and one of the most common."""
    present = [place for place, count in enumerate(classes.counts) if count]
    ends = [choose(present, key=classes.counts.__getitem__) for choose in (min, max)]
    return ", ".join(f"{data.classes[end]} {classes.weights[end]:.3g}" for end in dict.fromkeys(ends))


def of_chosen(data: Dataset) -> str:
    """Which rows are learnt from, of a data set that has chosen some."""
    rows = len(data.train_targets) + len(data.test_targets)
    return f"{rows:,} of {data.chosen_of:,} rows are learnt from, evenly chosen"
