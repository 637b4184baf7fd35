"""Commands that change numbers: hyperparameters and edits. Must not know how they are carried out."""

from .entry import TRAIN, Entry

_GROUP = "Knobs"

KNOBS = (
    Entry(
        "lr_up",
        "plus,equals_sign",
        "+",
        "lr up",
        "Raise the learning rate: 0.01, 0.03, 0.1, 0.3, 1 …",
        _GROUP,
        "turn('lr', 1)",
        52,
    ),
    Entry("lr_down", "minus", "-", "lr down", "Lower the learning rate.", _GROUP, "turn('lr', -1)"),
    Entry(
        "knobs",
        "k",
        "k",
        "knobs",
        "Every hyperparameter, to be turned while it trains.",
        _GROUP,
        "knobs",
        80,
        screens=(TRAIN,),
    ),
    Entry(
        "edit",
        "e",
        "e",
        "edit",
        "Put another number into the selected parameter; on the Trace screen, into the one of the line.",
        _GROUP,
        "edit",
        110,
    ),
    Entry(
        "edit_sample",
        "E",
        "E",
        "edit sample",
        "Put another number into an input or target of a training sample: x1 = 0.5, y = 1, 3: x0 = 0.5.",
        _GROUP,
        "edit_sample",
        screens=(TRAIN,),
    ),
    Entry(
        "freeze",
        "f",
        "f",
        "freeze",
        "Freeze the selected parameter, which updates then leave alone, or let it learn again.",
        _GROUP,
        "freeze",
        screens=(TRAIN,),
    ),
    Entry(
        "freeze_neuron",
        "F",
        "F",
        "freeze neuron",
        "Freeze the whole neuron of the selected parameter, or let it learn again.",
        _GROUP,
        "freeze_neuron",
        screens=(TRAIN,),
    ),
    Entry("undo", "u", "u", "undo", "Take back the last edit: stand where it was made.", _GROUP, "undo"),
    Entry("redo", "U", "U", "redo", "Make again the edit that was undone.", _GROUP, "redo"),
)
