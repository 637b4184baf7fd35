"""Commands that change numbers: hyperparameters and edits. Must not know how they are carried out."""

from .entry import TRAIN, Entry, group

KNOBS = group(
    "Knobs",
    Entry(
        "lr_up",
        "plus,equals_sign",
        "lr up",
        "Raise the learning rate: 0.01, 0.03, 0.1, 0.3, 1 …",
        "turn('lr', 1)",
        shown="+",
        footer=52,
        scripts=False,
    ),
    Entry("lr_down", "minus", "lr down", "Lower the learning rate.", "turn('lr', -1)", shown="-"),
    Entry("knobs", "k", "knobs", "Every hyperparameter, to be turned while it trains.", footer=80, scripts=False),
    Entry(
        "range_test",
        "T",
        "test rates",
        "Learning-rate range test: from the first weights, try rates from 1e-5 to 10, and set the one suggested.",
        screens=(TRAIN,),
        opens=True,
    ),
    Entry(
        "sweep",
        "f4",
        "sweep",
        "Sweep rates, seeds and other knobs around the settings of now: many runs beside this one; again shows them.",
        "app.sweep",
        screens=(TRAIN,),
        shown="F4",
    ),
    Entry(
        "edit",
        "e",
        "edit",
        "Put another number into the selected parameter; on the Trace screen, into the one of the line.",
        footer=110,
        scripts=False,
        panes=("parameters",),
    ),
    Entry(
        "edit_sample",
        "E",
        "edit sample",
        "Put another number into an input or target of a training sample: x1 = 0.5, y = 1, 3: x0 = 0.5.",
        screens=(TRAIN,),
    ),
    Entry(
        "freeze",
        "f",
        "freeze",
        "Freeze the selected parameter, which updates then leave alone, or let it learn again.",
        screens=(TRAIN,),
        panes=("parameters",),
    ),
    Entry(
        "freeze_neuron",
        "F",
        "freeze neuron",
        "Freeze the whole neuron of the selected parameter, or let it learn again.",
        screens=(TRAIN,),
    ),
    Entry("undo", "u", "undo", "Take back the last edit: stand where it was made."),
    Entry("redo", "U", "redo", "Make again the edit that was undone."),
)
