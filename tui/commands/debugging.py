"""Commands of the debugger: where to stop, forks, what goes wrong. Must not know how they are carried out."""

from .entry import SESSION, TRAIN, Entry, group

DEBUGGING = group(
    "Debugging",
    Entry(
        "breakpoints",
        "b",
        "break",
        "List the breakpoints; stop at a place, on a condition, or where something goes wrong.",
        footer=57,
        screens=(TRAIN,),
        leading=True,
    ),
    Entry("fork", "w", "fork", "Fork the run where it stands: both go on, each with its own knobs.", footer=58),
    Entry("forks", "W", "forks", "Compare forks in a table; switch, rename, drop.", opens=True, tells="forks tell"),
    Entry(
        "mistakes",
        "m",
        "mistakes",
        "What if it were wrong: break training on purpose, and see the numbers that prove it.",
        leading=True,
    ),
    Entry(
        "why",
        "N",
        "why NaN",
        "Why is it NaN: the op that first left the finite numbers, and what fed it.",
        opens=True,
        tells="the reason of a NaN tells",
    ),
    Entry(
        "gradcheck",
        "a",
        "check grads",
        "Check every gradient against a difference quotient wherever you stop, or leave it.",
        screens=(TRAIN,),
    ),
    Entry("gradcheck_h", "A", "check with h", "Check gradients with a distance h of your own.", screens=(TRAIN,)),
    Entry(
        "nudge",
        "K",
        "nudge",
        "Nudge the selected parameter by h = 1 … 1e-17, and see what the loss does beside what its gradient foretells.",
        opens=True,
        tells="nudges tell",
    ),
    reaches=SESSION,
)
