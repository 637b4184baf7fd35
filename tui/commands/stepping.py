"""Commands that move through training. Must not know how they are carried out."""

from .entry import TRAIN, Entry, group

STEPPING = group(
    "Stepping",
    Entry(
        "play", "space", "play", "Train on, at the speed and up to the step that are set; again to pause.", footer=10
    ),
    Entry("stop", "escape", "stop", "End a movement that takes long; where there is none, leave the Trace screen."),
    Entry(
        "forward",
        "right",
        "step",
        "Go on to the next boundary of the granularity: one op, one neuron, one layer …",
        shown="→",
        footer=20,
    ),
    Entry(
        "back",
        "left",
        "back",
        "Go back to the previous boundary: every number is again what it was.",
        shown="←",
        footer=30,
    ),
    Entry("phase", "enter", "phase", "Run to the next phase: forward, loss, zero_grad, backward, update.", footer=40),
    Entry(
        "finer",
        "left_square_bracket",
        "finer",
        "Step by something smaller, down to one op.",
        "granularity(-1)",
        shown="[",
    ),
    Entry(
        "coarser",
        "right_square_bracket",
        "step by",
        "Step by something larger, up to an epoch.",
        "granularity(1)",
        shown="]",
        footer=50,
    ),
    Entry("continue", "c", "continue", "Run on to the next breakpoint.", footer=55),
    Entry("reverse_continue", "C", "back to break", "Go back to the breakpoint that was hit before this point."),
    Entry("goto", "g", "go to", "Jump to any step, forwards or back."),
    Entry(
        "restart",
        "r",
        "restart",
        "Back to step 0 with the same first weights; the curve stays as a ghost.",
        footer=100,
        screens=(TRAIN,),
    ),
    Entry("reseed", "R", "reseed", "Back to step 0 with other first weights.", screens=(TRAIN,)),
    Entry(
        "slower",
        "less_than_sign",
        "slower",
        "Play more slowly, down to one unit of the granularity a second.",
        "speed(-1)",
        shown="<",
    ),
    Entry(
        "faster",
        "greater_than_sign",
        "speed",
        "Play faster, up to as fast as it goes.",
        "speed(1)",
        shown=">",
        footer=90,
    ),
)
