"""What `chainstep learn` does. Must not know click, nor what a lesson is made of."""

from __future__ import annotations

import click

from chainstep.datasets import DataError
from chainstep.engine.lessons.errors import LessonError

from ...files.lessons.course import OWN, Course
from ...files.lessons.kept import forget, kept_file
from . import courses, report
from .setups import Setups


def check(what: str | None, *, as_json: bool) -> bool:
    """Check all built-in lessons, one of them, or that of a file; whether all holds.

    Raises:
        DataError: a file cannot be read, or there is no such lesson.
    """
    lessons = courses.written(what)
    if what is not None and not courses.names_file(what):
        wanted = Course([written.lesson for written in lessons], Setups()).named(what)
        lessons = [written for written in lessons if written.lesson is wanted]
    return report.print_check(lessons, as_json=as_json)


def open_app(what: str | None, *, review: bool = False) -> int:
    """Open the app beside a lesson, beside the questions that went wrong or, where no lesson is named, on the list;
    returns the exit status.

    Raises:
        DataError: a file cannot be read, or there is no such lesson.
        NoTerminalError: the app cannot be shown here.
    """
    from ...beside.learning import Learn
    from ..opening import show

    course = courses.course(what)
    own = course.lessons[0].id if course.own else what
    walk = course.review() if review else course.walk(own) if own is not None else None
    if review and walk is None:
        click.echo("nothing went wrong so far that has not come right since: chainstep learn goes on")
        return 0
    following = course.progress().next(course.lessons) or course.lessons[0]
    lesson = following if walk is None else walk.stop.lesson
    try:
        session, source = course.opened(lesson)
    except LessonError as error:
        (written,) = [each for each in courses.written(what) if each.lesson.id == lesson.id]
        raise DataError(written.told(error.inside("setup"))) from None
    return show(session, source, "chainstep learn --list", learn=Learn(course, walk))


def list_all(*, as_json: bool) -> int:
    """List the lessons, and how far one has come."""
    report.print_list(courses.course(), as_json=as_json)
    return 0


def review() -> int:
    """List the questions that went wrong, a JSON object each."""
    report.print_review(courses.course())
    return 0


def reset(what: str | None) -> int:
    """Forget how far one has come, in one lesson or in all.

    Raises:
        DataError: there is no such lesson.
    """
    if what is None:
        gone, of = forget(kept_file()), "all lessons"
    else:
        course = courses.course(what)
        of = course.lessons[0].id if course.own else course.named(what).id
        gone = forget(kept_file(), OWN + of if course.own else of)
    click.echo(f"{of}: forgotten" if gone else f"{of}: nothing was kept")
    return 0


def export() -> int:
    """Everything that happened, a JSON object a line."""
    report.export()
    return 0
