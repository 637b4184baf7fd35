"""What the app does with a user's table: a report on it is shown, and it is opened as it was chosen to be. Must not
know how a table is read, nor the panes.

It is loaded where there is a table: no example's first frame waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chainstep.datasets import DataError
from chainstep.engine.training.setup.settings import SettingsError

from ..dialogs.data.table_report import TableReport
from ..files.subjects.opening import on_table
from ..playback.laying.aside import aside
from ..render.report.page import Page

if TYPE_CHECKING:
    from chainstep.datasets.user_table import PreparedTable

    from ..dialogs.data.table_report import Chosen
    from .hosting import Host


class Tables:
    """The table of an app whose session learns from one."""

    def __init__(self, app: Host, overrides: Mapping[str, object]) -> None:
        """`overrides` are the knobs that the user has set for it."""
        self._app, self._overrides = app, overrides

    def read_again(self) -> None:
        """Show what the table was taken for, and have that changed."""
        if self._app.source.kind != "csv":
            self._app.say(f"{self._app.source.title} is no table of yours: chainstep FILE.csv opens one", True)
        else:
            self._app.run_beside(self._read_again, "table")

    async def _read_again(self) -> None:
        try:
            await self.report(await aside(self._app.source.read))
        except DataError as error:
            self._app.say(str(error), True)

    async def report(self, table: PreparedTable) -> None:
        """Show what a table was taken for, and have that changed."""
        page = await aside(Page.of, table.prepared)
        app = self._app
        if not app.dialog:
            app.runner.pause()
            weighted = app.runner.session.next_settings.class_weights
            app.push_screen(TableReport(table, page, app.look, weighted=weighted), self._choose)

    async def _choose(self, chosen: Chosen | None) -> None:
        """Go over to the table as it was chosen to be."""
        if chosen is None:
            return
        if chosen.table is None:
            self._app.stage.turn("class_weights", chosen.weighted)
            return
        table, own = chosen.table, {**self._overrides, "class_weights": chosen.weighted}
        try:
            opened = await aside(on_table, table.table.path, table.target, table.choices, table.prepared.data, own)
        except (DataError, SettingsError) as error:
            self._app.say(str(error), True)
        else:
            await aside(self._app.prepare, *opened)
            # The first picture of all is the one that takes long: samples are shuffled for it, and gone through.
            await aside(opened[0].snapshot)
            await self._app.go_over(*opened)
