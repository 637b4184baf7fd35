"""The listing's rows, places, names, graph and strips, from numbers alone. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.records import replace
from chainstep.engine.training.commands import Forward
from chainstep.engine.training.snapshot.tape import GraphView, Lines, TraceLine, TraceView, WatchView
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.style.glyphs import UNICODE
from chainstep.tui.render.trace.listing import Marks, head_rows, listing
from chainstep.tui.render.trace.names import brief, short, statement
from chainstep.tui.render.trace.neighbourhood import neighbourhood
from chainstep.tui.render.trace.outline import LOSS, Place, Row, entered, outline, unfolded
from chainstep.tui.render.trace.places import row_at, written
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR


def view(what: str = "lecture", *granularities: str) -> TraceView:
    session, _ = open_subject(what)
    for granularity in granularities:
        session.apply(Forward(granularity))
    found = session.snapshot({"trace"}).trace
    assert found is not None
    return found


def drawn(
    shown: TraceView, width: int = 60, height: int = 20, *, watches: tuple[WatchView, ...] = (), **marks: object
) -> list[str]:
    rows = outline(shown.lines, {(1, 1)})
    beside = Marks(**{"cursor": None, "breakpoints": {}, **marks})  # type: ignore[arg-type]
    strips = listing(shown, rows, 0, beside, watches, width, height, IN_COLOUR)
    assert [strip.cell_length for strip in strips] == [width] * height
    return [strip.text.rstrip() for strip in strips]


# --- rows


def test_neurons_and_the_loss_are_folded_until_they_are_entered() -> None:
    lines = view().lines
    assert [row.place for row in outline(lines)] == [
        (1, None), (1, 1), (1, 2), (1, 3), (1, 4), (2, None), (2, 1), (2, 2), (2, 3), (2, 4), (3, None), (3, 1), LOSS,
    ]  # fmt: skip
    rows = outline(lines, {(1, 2)})
    assert [row.first for row in rows if row.place is None] == list(range(7, 14))


def test_what_the_user_chose_comes_before_what_is_entered() -> None:
    lines = view().lines
    rows = outline(lines, {(1, 2)}, {(1, 2): False, (2, None): False, LOSS: True})
    assert [row.first for row in rows if row.place is None] == [73, 74]
    assert (2, 1) not in {row.place for row in rows}
    assert next(row for row in rows if row.place == (2, None)).granularity == "layer"
    assert next(row for row in rows if row.place == (1, 2)).granularity == "neuron"
    assert rows[-1].granularity == "op"


@each("what", ["lecture", "wonderland", "moons", "iris"])
@each("room", [0, 10, 25, 26, 47, 100, 700])
def test_as_much_is_open_as_there_is_room_for(what: str, room: int) -> None:
    lines = view(what).lines
    folded = outline(lines)
    for here in dict.fromkeys((line.layer, line.neuron) for line in lines):
        rows = unfolded(folded, room, here, {})
        closed = [row.stop - row.first for row in rows if row.place is not None and not row.open]
        if room < 2 * len(folded):
            assert rows == folded
        else:
            assert len(rows) <= room
            assert not closed or len(rows) + min(closed) > room
            assert next(row for row in rows if row.place == here).open
        shown = [k for row in rows if row.place is None or not row.open for k in range(row.first, row.stop)]
        assert shown == list(range(len(lines)))


def test_the_nearest_layers_are_opened_first_and_what_the_user_folded_is_not() -> None:
    folded = outline(view().lines)

    def opened(here: Place, chosen: dict[Place, bool]) -> list[Place | None]:
        rows = unfolded(folded, 47, here, chosen)
        layers = {(1, None), (2, None), (3, None)}
        return [row.place for row in rows if row.place is not None and row.open and row.place not in layers]

    assert opened((1, 3), {}) == [(1, 1), (1, 2), (1, 3), (1, 4), LOSS]
    assert opened((2, 4), {}) == [(1, 1), (2, 1), (2, 2), (2, 4)]
    assert opened(LOSS, {LOSS: False}) == [(1, 1), (2, 1), (2, 2), (3, 1)]


def test_every_line_is_on_one_row_whatever_is_folded() -> None:
    lines = view().lines
    everything = {(line.layer, line.neuron) for line in lines}
    for chosen in ({}, dict.fromkeys(everything, True), {(1, None): False, (3, 1): True}):
        rows = outline(lines, (), chosen)
        for k in range(len(lines)):
            row = rows[rows.row_of(k)]
            assert row.first <= k < row.stop
            assert row.place is None or not row.open


def test_an_expression_has_no_headings() -> None:
    assert outline(view("expression").lines) == tuple(Row(0, k, k + 1) for k in range(3))


def test_a_neuron_is_entered_behind_its_first_op() -> None:
    lines = view().lines
    assert [entered(lines, k, backward=False) for k in (0, 1, 6, 7, 74)] == [None, (1, 1), (1, 1), None, LOSS]
    assert [entered(lines, k, backward=True) for k in (74, 73, 72, 6, 0)] == [None, LOSS, None, None, (1, 1)]


def test_of_many_lines_those_that_are_seen_are_made() -> None:
    shown, made = view("moons"), set[int]()
    every = shown.lines

    def make(k: int) -> TraceLine:
        made.add(k)
        return every[k]  # type: ignore[no-any-return]

    lines = Lines(every.scopes, make, every.sources)
    shown = replace(shown, lines=lines)
    rows = outline(lines, (), dict.fromkeys(lines.scopes, True))
    assert (len(rows), made) == (len(lines) + 37, set())
    assert [rows[rows.row_of(k)].first for k in range(len(lines))] == [*range(len(lines))]
    strips = listing(shown, rows, 300, Marks(None, {}), (), 120, 20, IN_COLOUR)
    assert len(made) == 19
    assert strips[-1].text.split()[0] == str(rows[318].first + 1)
    assert neighbourhood(shown, 400, lambda graph: len(graph.nodes) <= 12, UNICODE) is not None
    assert len(made) < 100


# --- places


@each("granularities", [(), ("phase", "phase"), ("phase", "phase", "phase")])
def test_a_row_is_found_again_by_its_place(granularities: tuple[str, ...]) -> None:
    shown = view("lecture", *granularities)
    rows = outline(shown.lines, {(1, 1), LOSS}, {LOSS: True})
    for k, row in enumerate(rows):
        if row.place != LOSS:
            assert row_at(written(shown, row), shown, rows) == k


def test_places_of_other_listings_are_no_rows() -> None:
    shown = view()
    rows = outline(shown.lines)
    for text in ("batch line 1", "parameter L1.n1.w0", "line 99", "L9.n1", "loss < 0.1", "backward", "nan"):
        assert row_at(text, shown, rows) is None
    assert row_at("backward L1.n2", shown, rows) == 2
    assert row_at("line 10", shown, rows) == 2


# --- names


def test_a_line_is_written_in_full_or_briefly() -> None:
    lines = view().lines
    assert short("L1.n1.w0", lines[0]) == "w0"
    assert [statement(lines[k]) for k in (0, 5, 73)] == ["x0*w0", "x0*w0 + x1*w1 + x2*w2 + b", "ŷ - y"]
    assert [brief(lines[k]) for k in (4, 5, 6, 28)] == ["… + x2*w2", "… + b", "L1.n1 = tanh(…)", "L1.n1 * w0"]


# --- the graph


def test_the_graph_of_a_neuron_has_its_inputs_its_weights_and_its_ops() -> None:
    shown = view("lecture", "op")
    graph = neighbourhood(shown, 3, lambda _: True, UNICODE)
    assert graph is not None
    assert [node.name for node in graph.nodes if not node.op] == ["x0", "w0", "x1", "w1", "x2", "w2", "b"]
    assert [node.op for node in graph.nodes if node.op] == ["*", "*", "+", "*", "+", "+", "tanh"]
    assert graph.lit is not None
    assert graph.coming is not None
    assert [graph.nodes[graph.lit].name, graph.nodes[graph.coming].name] == ["x0*w0", "x1*w1"]
    assert [node.computed for node in graph.nodes if node.op] == [True] + [False] * 6
    for node in graph.nodes:
        assert all(graph.nodes[k] is not node for k in node.inputs)


def test_where_there_is_little_room_the_nearest_ops_stay() -> None:
    def small(graph: GraphView) -> bool:
        return sum(bool(node.op) for node in graph.nodes) <= 3

    graph = neighbourhood(view("lecture", "phase"), 5, small, UNICODE)
    assert graph is not None
    assert [node.name for node in graph.nodes if not node.op] == ["x0*w0 + x1*…", "x2*w2", "b"]
    assert [node.op for node in graph.nodes if node.op] == ["+", "+", "tanh"]
    assert neighbourhood(view(), 0, lambda _: False, UNICODE) is None


def test_ops_on_parameters_have_no_graph() -> None:
    assert neighbourhood(view("lecture", "phase", "phase"), 0, lambda _: True, UNICODE) is None


# --- strips


def test_a_line_has_its_number_its_text_and_its_numbers() -> None:
    rows = drawn(view("lecture", "op"), breakpoints={3: True, 4: False})
    assert rows[0].split() == ["data", "grad"]
    assert rows[1].split() == ["▾", "layer", "1"]
    assert rows[3].split() == ["▶", "1", "x0*w0", "+0.47101", "+0.00000"]
    assert rows[4].split() == ["●▷", "2", "x1*w1", "·", "·"]
    assert rows[5].split()[:2] == ["○", "3"]
    assert rows[10].split() == ["▸", "neuron", "2", "7", "ops", "·", "·"]


def test_an_input_has_its_name_in_the_table_where_there_is_room() -> None:
    assert "1     x0*w0  island=Biscoe " in drawn(view("penguins"))[3]
    assert "island" not in " ".join(drawn(view("penguins"), 34))


@each("width", range(30, 60))
def test_how_much_is_under_a_heading_is_said_whole_or_not_at_all(width: int) -> None:
    words = " ".join(drawn(view("moons", "phase"), width, 45)).split()
    assert {word for word in words if "op" in word} <= {"op", "ops"}


def test_what_changed_has_a_star_and_the_cursor_a_ground_of_its_own() -> None:
    shown = view("lecture", "neuron")
    rows = drawn(shown, data=frozenset({0}), grad=frozenset({1}))
    assert rows[3].split()[-2:] == ["+0.47101*", "+0.00000"]
    assert rows[4].split()[-2:] == ["+0.19959", "+0.00000*"]
    strips = listing(shown, outline(shown.lines), 0, Marks(2, {}), (), 60, 20, IN_COLOUR)
    grounds = [{segment.style.bgcolor for segment in strip if segment.style} - {None} for strip in strips]
    assert [bool(ground) for ground in grounds[:6]] == [False, False, False, True, False, False]


def test_watches_stand_above_the_listing_and_leave_it_room() -> None:
    watches = tuple(WatchView(f"v{k}", 1.0, None) for k in range(9))
    rows = drawn(view(), watches=watches)
    assert [row.split()[0] for row in rows[:9]] == [f"v{k}" for k in range(9)]
    assert rows[9].split() == ["data", "grad"]
    assert head_rows(9, 10) == 5
    assert head_rows(0, 10) == 1


def test_a_wide_listing_works_each_op_out() -> None:
    rows = drawn(view("lecture", "neuron"), width=100)
    assert "2.0 * 0.2355" in rows[3]
    assert "tanh(1.1105)" in rows[9]


@each("width", [10, 25, 40, 61, 88, 198])
@each("height", [1, 3, 12])
def test_it_fits_any_room(width: int, height: int) -> None:
    for shown in (view("moons", "phase"), view("lecture", "phase", "phase", "phase"), view("expression")):
        drawn(shown, width, height, watches=(WatchView("loss", None, None),))


def test_a_terminal_without_unicode_gets_ascii() -> None:
    shown = view("lecture", "neuron")
    rows = outline(shown.lines, (), {(3, 1): True, LOSS: True})
    strips = listing(shown, rows, 0, Marks(1, {2: True}), (), 60, 40, IN_ASCII)
    assert any("y^ - y" in strip.text for strip in strips)
    assert all(strip.text.isascii() for strip in strips)
