"""Commands of the program: screens, examples, pictures, themes, help. Must not know how they are carried out."""

from .entry import ALWAYS, TRAIN, Entry, group

PROGRAM = group(
    "Program",
    Entry(
        "trace",
        "x",
        "trace",
        "Step through the tape as a debugger steps through source.",
        "app.trace",
        footer=35,
        screens=(TRAIN,),
    ),
    Entry("open", "o", "open", "Choose another example.", "app.open", footer=160, screens=(TRAIN,)),
    Entry(
        "report",
        "J",
        "data",
        "What your table's columns were taken for, and why; there all of it can be changed, the target too.",
        "app.report",
        screens=(TRAIN,),
    ),
    Entry(
        "moments",
        "0",
        "moments",
        "List your script's backward() calls, each with its line and loss, to open one.",
        "app.moments",
    ),
    Entry("previous_moment", "8", "earlier", "Your script's backward() before this one.", "app.moment(-1)"),
    Entry("next_moment", "9", "later", "Your script's next backward().", "app.moment(1)"),
    Entry("printed", "7", "printed", "What your script printed, and how it ended.", "app.printed"),
    Entry(
        "export",
        "P",
        "save picture",
        "Pause, and save the screen as SVG, the loss curve and the parameters as CSV in this folder.",
    ),
    Entry("theme", "t", "theme", "Turn to the light theme, and back to the dark one.", "app.theme"),
    Entry(
        "repaint",
        "ctrl+l",
        "repaint",
        "Paint the whole screen again, should something else have written on it.",
        "app.repaint",
    ),
    Entry(
        "coach",
        "G",
        "coach",
        "The first minute: what this should answer, and which keys to press; again to send it away for good.",
        screens=(TRAIN,),
        panes=("loss",),
    ),
    Entry("help", "question_mark", "help", "This page.", shown="?", footer=ALWAYS + 10),
    Entry("suspend", "ctrl+z", "suspend", "Go to the shell; `fg` there brings this back.", "app.suspend_process"),
    Entry("palette", "ctrl+p", "commands", "Find a command by its name.", "app.command_palette"),
    Entry(
        "quit",
        "q,ctrl+q",
        "quit",
        "Save where you are and leave; `chainstep resume` opens it again.",
        "app.quit",
        shown="q",
        footer=ALWAYS + 20,
    ),
)
