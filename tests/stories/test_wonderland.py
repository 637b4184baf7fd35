"""Off to Wonderland: the perceptron rule finds the table again, and so does a sigmoid. Must not know widgets."""

from __future__ import annotations

import re
import sys

from support.terminal import DOWN, ENTER, ESCAPE, RIGHT, Terminal

ANSWERS = ("000 No", "001 Yes", "010 No", "011 Yes", "100 Yes", "101 Yes", "110 Yes", "111 Yes")


def right(terminal: Terminal) -> bool:
    """Whether the truth table on the card has every row, decided rightly, in its order."""
    card = "\n".join(" ".join(row.split("││")[0].strip("│▸ ").split()) for row in terminal.screen())
    rows = re.findall(r"^([01]{3}) \S+ (Yes|No) ✓$", card, re.MULTILINE)
    return tuple(map(" ".join, rows)) == ANSWERS


def shows(terminal: Terminal, *texts: str) -> bool:
    screen = "\n".join(terminal.screen())
    return all(text in screen for text in texts)


def test_off_to_wonderland() -> None:
    with Terminal([sys.executable, "-m", "chainstep.tui", "wonderland"], size=(120, 36)) as terminal:
        # It opens on the given weights: not raining, and friends are excited.
        terminal.read_until("f(x) = 1×5 + 0×2 + 1×4 − 3 = 6")
        terminal.read_until("6 > 0  → Yes, we're going!")
        terminal.read_until(right)

        # It rains, and the friends stay at home.
        terminal.send("13")
        terminal.read_until("f(x) = 0×5 + 0×2 + 0×4 − 3 = −3")
        terminal.read_until("No, we stay at home.")

        # Other weights decide some rows wrongly. The rule goes through the rows until none is wrong, and says so.
        terminal.send("R")
        terminal.read_until(lambda it: shows(it, "seed 1338", "✗ wrong"))
        terminal.send(" ")
        terminal.read_until(lambda it: shows(it, "Solved: every row is decided rightly", "space play"))
        terminal.read_until(right)

        # Once more, but with a slope to go down: sigmoid, from the list of knobs.
        terminal.send("Rk")
        terminal.read_until("what bends a neuron's sum")
        terminal.send(DOWN * 9 + ENTER)
        terminal.read_until("Activation: what bends a neuron's sum")
        terminal.send("sigmoid" + ENTER)
        terminal.read_until(lambda it: shows(it, "activation     sigmoid"))
        terminal.send(DOWN * 5 + ENTER)
        terminal.read_until("Steps: where it pauses")
        terminal.send("400" + ENTER)
        terminal.read_until(lambda it: shows(it, "steps          400"))
        terminal.send(ESCAPE)
        terminal.read_until(lambda it: not shows(it, "enter types a value"))
        terminal.send("]]]]]" + RIGHT)
        terminal.read_until("A sigmoid has a slope everywhere")
        terminal.send(" ")
        terminal.read_until(lambda it: shows(it, "step 400 ", "space play", "accuracy 8/8"))
        terminal.read_until(right)

        terminal.send("q")
        assert terminal.wait() == 0
        assert terminal.leftovers() == []
