"""What `chainstep learn` does. Must not know click, nor what a lesson is made of."""

from __future__ import annotations

import click

from ...files.lessons.course import OWN
from ...files.lessons.kept import forget, kept_file
from . import courses, report


def check(what: str | None, *, as_json: bool) -> bool:
    """Check all built-in lessons, one of them, or that of a file; whether all holds.

    Raises:
        DataError: a file cannot be read, or there is no such lesson.
    """
    lessons = courses.written(what)
    if what is not None and not courses.names_file(what):
        wanted = courses.course().named(what).id
        lessons = [written for written in lessons if written.lesson.id == wanted]
    return report.print_check(lessons, as_json=as_json)


def list_all(*, as_json: bool) -> int:
    """List the lessons, and how far one has come."""
    report.print_list(courses.course(), as_json=as_json)
    return 0


def review(*, as_json: bool) -> int:
    """List the questions that went wrong."""
    report.print_review(courses.course(), as_json=as_json)
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
