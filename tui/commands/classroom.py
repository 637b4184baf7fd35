"""Commands in front of a class: to let others look on, and to look on. Must not know how they are carried out."""

from .entry import OTHERS, SHARING, Entry, group

CLASSROOM = group(
    "In front of a class",
    Entry(
        "share",
        "f6",
        "share",
        "Let others on this machine look on, by chainstep follow; again to end it.",
        "app.share",
        shown="F6",
    ),
    Entry(
        "follow",
        "f7",
        "follow",
        "Look on at a session that somebody shares; again, or w, to fork off from it.",
        "app.follow",
        shown="F7",
        reaches=OTHERS,
    ),
    Entry(
        "ask_followers",
        "f8",
        "ask",
        "In backward: ask all who follow for the gradient that the next op writes, and see what they answer.",
        "app.ask_followers",
        shown="F8",
    ),
    reaches=SHARING,
)
