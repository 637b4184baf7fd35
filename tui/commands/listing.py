"""Commands of the Trace screen alone. Must not know how they are carried out."""

from .entry import SESSION, TRACE, Entry, group

_OWN = ("trace",)

LISTING = group(
    "On the Trace screen",
    Entry("fold", "o", "fold", "Fold or unfold the scope under the cursor.", panes=_OWN),
    Entry("find", "slash", "find", "Find a line by what it computes or reads.", shown="/", panes=_OWN),
    Entry("find_next", "semicolon", "again", "Find the next such line.", shown=";"),
    Entry(
        "line_break",
        "b",
        "break",
        "Set a breakpoint at the line under the cursor, or clear it.",
        panes=_OWN,
        leading=True,
    ),
    Entry("run_to", "h", "run to", "Run on to the line under the cursor.", "run_to(1)", panes=_OWN, leading=True),
    Entry("back_to", "H", "back to", "Go back to the line under the cursor.", "run_to(-1)"),
    Entry(
        "fire",
        "exclamation_mark",
        "fire",
        "In backward: fire the op under the cursor now, out of its turn, and see what becomes of the gradients.",
        shown="!",
        panes=_OWN,
        leading=True,
    ),
    Entry("in_turn", "at", "in turn", "Have backward fire the ops in their turn again.", shown="@"),
    Entry("fold_all", "O", "fold all", "Fold every neuron, or unfold them all.", panes=_OWN),
    Entry("watch", "D", "watch", "Pin the value under the cursor at the top, or let it go.", panes=_OWN),
    Entry("edit_input", "E", "edit sample", "Put another number into the input or target that the line reads."),
    Entry("line_down", "down", "down", "Move the cursor down.", "cursor(1)", shown="↓"),
    Entry("line_up", "up", "up", "Move the cursor up.", "cursor(-1)", shown="↑"),
    Entry("lines_down", "pagedown", "page", "Move the cursor down a page.", "page(1)", shown="PgDn"),
    Entry("lines_up", "pageup", "page", "Move the cursor up a page.", "page(-1)", shown="PgUp"),
    Entry("first_line", "home", "first", "Go to the first line.", "cursor(-100000)"),
    Entry("last_line", "end", "last", "Go to the last line.", "cursor(100000)"),
    Entry("leave", "x", "train", "Return to the Train screen.", "app.train", footer=35),
    reaches=SESSION,
    screens=(TRACE,),
)
