"""Commands that change what the Train screen shows. Must not know how they are carried out."""

from .entry import TRAIN, Entry

_GROUP = "Looking"

LOOKING = (
    Entry("select_down", "down,j", "↓", "next", "Select the next parameter.", _GROUP, "select(1)", screens=(TRAIN,)),
    Entry("select_up", "up", "↑", "previous", "Select the previous parameter.", _GROUP, "select(-1)", screens=(TRAIN,)),
    Entry(
        "page_down",
        "pagedown",
        "PgDn",
        "page",
        "Select ten parameters further on.",
        _GROUP,
        "select(10)",
        screens=(TRAIN,),
    ),
    Entry(
        "page_up",
        "pageup",
        "PgUp",
        "page",
        "Select ten parameters further back.",
        _GROUP,
        "select(-10)",
        screens=(TRAIN,),
    ),
    Entry(
        "picture",
        "n",
        "n",
        "picture",
        "Show the network in another way: wires, grid, card.",
        _GROUP,
        "picture",
        130,
        screens=(TRAIN,),
    ),
    Entry(
        "map",
        "M",
        "M",
        "map",
        "Show what the network decides where, over its two inputs, and back.",
        _GROUP,
        "map",
        145,
        screens=(TRAIN,),
    ),
    Entry(
        "neuron",
        "y",
        "y",
        "neuron",
        "Look at the selected neuron closely: its inputs, its sum, its activation, its map; and back.",
        _GROUP,
        "neuron",
        155,
        screens=(TRAIN,),
    ),
    Entry(
        "gradients",
        "d",
        "d",
        "data/grad",
        "Show the network's gradients in place of its data, and back.",
        _GROUP,
        "gradients",
        140,
        screens=(TRAIN,),
    ),
    Entry(
        "log", "l", "l", "log", "Draw the loss on a logarithmic axis, and back.", _GROUP, "log", 150, screens=(TRAIN,)
    ),
    Entry(
        "predict",
        "i",
        "i",
        "input",
        "Type an input and see what the network makes of it.",
        _GROUP,
        "predict",
        120,
        screens=(TRAIN,),
    ),
    Entry(
        "toggle_1", "1", "1", "x1", "Turn the first answer of the card round.", _GROUP, "answer(0)", screens=(TRAIN,)
    ),
    Entry(
        "toggle_2", "2", "2", "x2", "Turn the second answer of the card round.", _GROUP, "answer(1)", screens=(TRAIN,)
    ),
    Entry(
        "toggle_3", "3", "3", "x3", "Turn the third answer of the card round.", _GROUP, "answer(2)", screens=(TRAIN,)
    ),
    Entry(
        "next_pane",
        "tab",
        "tab",
        "pane",
        "Go to the next pane; where the terminal is small, show it.",
        _GROUP,
        "pane(1)",
        screens=(TRAIN,),
    ),
    Entry(
        "previous_pane",
        "shift+tab",
        "shift+tab",
        "pane",
        "Go to the previous pane.",
        _GROUP,
        "pane(-1)",
        screens=(TRAIN,),
    ),
    Entry(
        "source",
        "s",
        "s",
        "source",
        "Read the Python function that your network compiles to.",
        _GROUP,
        "source",
        screens=(TRAIN,),
    ),
)
