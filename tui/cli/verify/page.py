"""The report on all engines as one page of HTML that needs nothing else. Knows rows; must not know how they were
found.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from chainstep.datasets import printable
from chainstep.engine.verify.rows import Row

from .judged import VERDICTS, Judged
from .report import heading, number

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd; }
td.count, th.count { text-align: right; font-variant-numeric: tabular-nums; }
code { font: 13px/1.4 ui-monospace, monospace; }
h2 { margin-top: 2.5rem; font-size: 1.1rem; overflow-wrap: anywhere; }
.wrong { color: #b3261e; font-weight: 600; } .right { color: #2e6b34; } .raises { color: #8a5a00; }
.choice { color: #235a97; } .missing { color: #777; }
@media (prefers-color-scheme: dark) {
  body { background: #16181c; color: #ddd; } th, td { border-color: #333; }
  .wrong { color: #ff8a80; } .right { color: #8fd694; } .raises { color: #e0b050; } .choice { color: #86b6f0; }
}
"""


def page(engines: Sequence[Judged]) -> str:
    """A table of all engines, and below it what was found in each; right and missing rows are folded."""
    columns = "".join(f'<th class="count">{verdict}</th>' for verdict in VERDICTS)
    rows = "".join(_summary(place, engine) for place, engine in enumerate(engines))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>chainstep verify</title>\n'
        f"<style>{_STYLE}</style>\n<h1>chainstep verify</h1>\n"
        f"<table>\n<tr><th>file</th><th>class</th>{columns}<th></th></tr>\n{rows}</table>\n"
        + "".join(_section(place, engine) for place, engine in enumerate(engines))
        + "</html>\n"
    )


def _said(text: str, limit: int = 600) -> str:
    return escape(printable(text, limit))


def _summary(place: int, engine: Judged) -> str:
    counts = "".join(
        f'<td class="count {verdict if engine.count(verdict) else ""}">{engine.count(verdict)}</td>'
        for verdict in VERDICTS
    )
    kinds = dict.fromkeys(row.kind for row in engine.of("wrong") if row.kind)
    told = engine.failed or ", ".join(kinds)
    return (
        f'<tr><td><a href="#engine-{place}">{_said(engine.asked.shown)}</a></td><td>{_said(engine.cls)}</td>'
        f"{counts}<td>{_said(told)}</td></tr>\n"
    )


def _section(place: int, engine: Judged) -> str:
    title = f"{engine.asked.shown}: {engine.failed}" if engine.failed else heading(engine)
    trouble = f'<p class="raises">{_said(engine.trouble)}</p>\n' if engine.trouble else ""
    body = ""
    for verdict in VERDICTS[1:] + VERDICTS[:1]:
        if rows := engine.of(verdict):
            shown = " open" if verdict in ("wrong", "raises") else ""
            body += (
                f'<details{shown}><summary class="{verdict}">{len(rows)} {verdict}</summary>\n<table>\n'
                "<tr><th>check</th><th>expression</th><th>got</th><th>right</th><th></th></tr>\n"
                + "".join(map(_row, rows))
                + "</table></details>\n"
            )
    return f'<h2 id="engine-{place}">{_said(title)}</h2>\n{trouble}{body}'


def _row(row: Row) -> str:
    cells = (_said(row.check), f"<code>{_said(row.shown)}</code>", _said(number(row.got)), _said(number(row.want)))
    kind = f"<b>{_said(row.kind)}</b> " if row.kind else ""
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{kind}{_said(row.why)}</td></tr>\n"
