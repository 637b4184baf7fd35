"""Commands of the Trace screen alone. Must not know how they are carried out."""

from .entry import TRACE, Entry

_GROUP = "On the Trace screen"

LISTING = (
    Entry("into", "s", "s", "into", "Step into what is folded: one op.", _GROUP, "into(1)", 11, screens=(TRACE,)),
    Entry(
        "over",
        "n",
        "n",
        "over",
        "Step over: a neuron at its beginning counts as one line.",
        _GROUP,
        "over(1)",
        12,
        screens=(TRACE,),
    ),
    Entry(
        "out",
        "r",
        "r",
        "out",
        "Step out: to the end of the neuron or, in the loss, of the sample.",
        _GROUP,
        "out(1)",
        13,
        screens=(TRACE,),
    ),
    Entry("back_into", "S", "S", "back into", "Step back by one op.", _GROUP, "into(-1)", screens=(TRACE,)),
    Entry("back_over", "N", "N", "back over", "Step back over what is folded.", _GROUP, "over(-1)", screens=(TRACE,)),
    Entry(
        "back_out", "R", "R", "back out", "Step back to where the neuron began.", _GROUP, "out(-1)", screens=(TRACE,)
    ),
    Entry(
        "run_to", "h", "h", "run to", "Run on to the line under the cursor.", _GROUP, "run_to(1)", 33, screens=(TRACE,)
    ),
    Entry(
        "back_to", "H", "H", "back to", "Go back to the line under the cursor.", _GROUP, "run_to(-1)", screens=(TRACE,)
    ),
    Entry(
        "line_break",
        "b",
        "b",
        "break",
        "Set a breakpoint at the line under the cursor, or clear it.",
        _GROUP,
        "line_break",
        34,
        screens=(TRACE,),
    ),
    Entry("fold", "o", "o", "fold", "Fold or unfold the scope under the cursor.", _GROUP, "fold", 35, screens=(TRACE,)),
    Entry(
        "fold_all", "O", "O", "fold all", "Fold every neuron, or unfold them all.", _GROUP, "fold_all", screens=(TRACE,)
    ),
    Entry(
        "watch",
        "y",
        "y",
        "watch",
        "Pin the value under the cursor at the top, or let it go.",
        _GROUP,
        "watch",
        37,
        screens=(TRACE,),
    ),
    Entry(
        "find", "slash", "/", "find", "Find a line by what it computes or reads.", _GROUP, "find", 36, screens=(TRACE,)
    ),
    Entry("find_next", "full_stop", ".", "next", "Find the next such line.", _GROUP, "find_next", screens=(TRACE,)),
    Entry(
        "edit_input",
        "E",
        "E",
        "edit input",
        "Put another number into the input or target that the line reads.",
        _GROUP,
        "edit_input",
        screens=(TRACE,),
    ),
    Entry("line_down", "down,j", "↓", "line", "Move the cursor down.", _GROUP, "cursor(1)", screens=(TRACE,)),
    Entry("line_up", "up,k", "↑", "line", "Move the cursor up.", _GROUP, "cursor(-1)", screens=(TRACE,)),
    Entry(
        "lines_down", "pagedown", "PgDn", "page", "Move the cursor down a page.", _GROUP, "page(1)", screens=(TRACE,)
    ),
    Entry("lines_up", "pageup", "PgUp", "page", "Move the cursor up a page.", _GROUP, "page(-1)", screens=(TRACE,)),
    Entry("first_line", "home", "home", "first", "Go to the first line.", _GROUP, "cursor(-100000)", screens=(TRACE,)),
    Entry("last_line", "end", "end", "last", "Go to the last line.", _GROUP, "cursor(100000)", screens=(TRACE,)),
    Entry("leave", "x", "x", "train", "Return to the Train screen.", _GROUP, "app.train", 32, screens=(TRACE,)),
)
