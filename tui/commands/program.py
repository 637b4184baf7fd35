"""Commands of the program: screens, examples, pictures, themes, help. Must not know how they are carried out."""

from .entry import TRAIN, Entry

_GROUP = "Program"

PROGRAM = (
    Entry(
        "trace",
        "x",
        "x",
        "trace",
        "Step through the tape as a debugger steps through source.",
        _GROUP,
        "app.trace",
        51,
        screens=(TRAIN,),
    ),
    Entry("open", "o", "o", "open", "Choose another example.", _GROUP, "app.open", 160, screens=(TRAIN,)),
    Entry(
        "export",
        "P",
        "P",
        "save picture",
        "Pause, and save the screen as SVG, the loss curve and the parameters as CSV in this folder.",
        _GROUP,
        "export",
    ),
    Entry("theme", "t", "t", "theme", "Turn to the light theme, and back to the dark one.", _GROUP, "app.theme"),
    Entry(
        "repaint",
        "ctrl+l",
        "ctrl+l",
        "repaint",
        "Paint the whole screen again, should something else have written on it.",
        _GROUP,
        "app.repaint",
    ),
    Entry("help", "question_mark", "?", "help", "This page.", _GROUP, "help", 31),
    Entry("palette", "ctrl+p", "ctrl+p", "commands", "Find a command by its name.", _GROUP, "app.command_palette"),
    Entry(
        "quit",
        "q,ctrl+q",
        "q",
        "quit",
        "Save where you are and leave; `chainstep resume` opens it again.",
        _GROUP,
        "app.quit",
        170,
    ),
)
