"""Commands that change what the Train screen shows. Must not know how they are carried out."""

from .entry import TRAIN, Entry, group

LOOKING = group(
    "Looking",
    Entry("select_down", "down,j", "next", "Select the next parameter.", "select(1)", shown="↓"),
    Entry("select_up", "up", "previous", "Select the previous parameter.", "select(-1)", shown="↑"),
    Entry("page_down", "pagedown", "page", "Select ten parameters further on.", "select(10)", shown="PgDn"),
    Entry("page_up", "pageup", "page", "Select ten parameters further back.", "select(-10)", shown="PgUp"),
    Entry("order", "S", "sort", "Sort the parameters by |grad|, by |change|, or as in the model."),
    Entry(
        "filter",
        "slash",
        "filter",
        "Show only the parameters of a layer, or whose names have a part, such as b.",
        shown="/",
    ),
    Entry(
        "picture",
        "n",
        "picture",
        "Show the network in another way: wires, grid, card. A dashed wire, a hollow square, a diamond: negative.",
        footer=130,
    ),
    Entry("map", "M", "map", "Show what the network decides where, over its two inputs, and back.", footer=145),
    Entry(
        "neuron",
        "y",
        "neuron",
        "Look at the selected neuron closely: its inputs, its sum, its activation, its map; and back.",
        footer=155,
    ),
    Entry("gradients", "d", "data/grad", "Show the network's gradients in place of its data, and back.", footer=140),
    Entry("log", "l", "log", "Draw the loss on a logarithmic axis, and back.", footer=150),
    Entry("recent", "L", "recent", "Show the loss of the last 1000, 100 or 30 steps, then of all."),
    Entry(
        "smooth", "h", "smooth", "Draw the moving average of the loss, with weight 0.9 or 0.98, then the loss itself."
    ),
    Entry(
        "cursor_back",
        "comma",
        "cursor",
        "Move a cursor back along the loss curve, for what was measured at each step; v and enter jump there.",
        "cursor(-1)",
        shown=",",
    ),
    Entry(
        "cursor_on",
        "full_stop",
        "cursor",
        "Move the cursor on along the loss curve; behind the last step, or with escape, it goes.",
        "cursor(1)",
        shown=".",
    ),
    Entry("predict", "i", "input", "Type an input and see what the network makes of it.", footer=120),
    Entry("toggle_1", "1", "x1", "Turn the first answer of the card round.", "answer(0)"),
    Entry("toggle_2", "2", "x2", "Turn the second answer of the card round.", "answer(1)"),
    Entry("toggle_3", "3", "x3", "Turn the third answer of the card round.", "answer(2)"),
    Entry("next_pane", "tab", "pane", "Go to the next pane; where the terminal is small, show it.", "pane(1)"),
    Entry("previous_pane", "shift+tab", "pane", "Go to the previous pane.", "pane(-1)"),
    Entry("enlarge", "Z", "enlarge", "Show the pane with the focus alone, as large as there is room, and back."),
    Entry("source", "s", "source", "Read the Python function that your network compiles to."),
    screens=(TRAIN,),
)
