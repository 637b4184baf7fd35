"""Commands of the Trace screen alone. Must not know how they are carried out."""

from .entry import TRACE, Entry, group

LISTING = group(
    "On the Trace screen",
    Entry("into", "s", "into", "Step into what is folded: one op.", "into(1)", footer=11, panes=("trace",)),
    Entry(
        "over",
        "n",
        "over",
        "Step over: a neuron at its beginning counts as one line.",
        "over(1)",
        footer=12,
        panes=("trace",),
    ),
    Entry(
        "out",
        "r",
        "out",
        "Step out: to the end of the neuron or, in the loss, of the sample.",
        "out(1)",
        footer=13,
        panes=("trace",),
    ),
    Entry("back_into", "S", "back into", "Step back by one op.", "into(-1)"),
    Entry("back_over", "N", "back over", "Step back over what is folded.", "over(-1)"),
    Entry("back_out", "R", "back out", "Step back to where the neuron began.", "out(-1)"),
    Entry("run_to", "h", "run to", "Run on to the line under the cursor.", "run_to(1)", footer=33, panes=("trace",)),
    Entry("back_to", "H", "back to", "Go back to the line under the cursor.", "run_to(-1)"),
    Entry(
        "line_break",
        "b",
        "break",
        "Set a breakpoint at the line under the cursor, or clear it.",
        footer=34,
        panes=("trace",),
    ),
    Entry("fold", "o", "fold", "Fold or unfold the scope under the cursor.", footer=35, panes=("trace",)),
    Entry("fold_all", "O", "fold all", "Fold every neuron, or unfold them all."),
    Entry(
        "watch", "y", "watch", "Pin the value under the cursor at the top, or let it go.", footer=37, panes=("trace",)
    ),
    Entry("find", "slash", "find", "Find a line by what it computes or reads.", shown="/", footer=36, panes=("trace",)),
    Entry("find_next", "full_stop", "next", "Find the next such line.", shown="."),
    Entry("edit_input", "E", "edit input", "Put another number into the input or target that the line reads."),
    Entry("line_down", "down,j", "line", "Move the cursor down.", "cursor(1)", shown="↓"),
    Entry("line_up", "up,k", "line", "Move the cursor up.", "cursor(-1)", shown="↑"),
    Entry("lines_down", "pagedown", "page", "Move the cursor down a page.", "page(1)", shown="PgDn"),
    Entry("lines_up", "pageup", "page", "Move the cursor up a page.", "page(-1)", shown="PgUp"),
    Entry("first_line", "home", "first", "Go to the first line.", "cursor(-100000)"),
    Entry("last_line", "end", "last", "Go to the last line.", "cursor(100000)"),
    Entry("leave", "x", "train", "Return to the Train screen.", "app.train", footer=32),
    screens=(TRACE,),
)
