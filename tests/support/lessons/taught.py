"""The app beside a lesson of somebody's own, or on the list that has it. Must not know any test."""

from __future__ import annotations

from pathlib import Path

from chainstep.tui.app import ChainstepApp
from chainstep.tui.beside.learning import Learn
from chainstep.tui.cli.learning.courses import course


def beside(file: Path, *, listed: bool = False) -> ChainstepApp:
    """The app that a lesson's file is opened with."""
    lessons = course(str(file))
    walk = None if listed else lessons.walk(lessons.lessons[0].id)
    return ChainstepApp(*lessons.opened(lessons.lessons[0]), learn=Learn(lessons, walk), courses=lambda: lessons)
