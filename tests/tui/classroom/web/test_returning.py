"""What a page goes on with when it comes again."""

from __future__ import annotations

from click import Option

from chainstep.tui.classroom.kiosk.kiosk import Kiosk
from chainstep.tui.classroom.web.returning import Returning
from chainstep.tui.cli.classroom.kiosk import kiosk

SAVED = "moons is saved at step 3: `chainstep resume {}` opens it again"


def test_a_page_goes_on_with_the_run_that_it_has_left() -> None:
    pages = Returning(["moons", "--lr", "0.3"])
    pages.left("a", SAVED.format("moons-1"))
    pages.left("b", "")
    pages.left("", SAVED.format("moons-2"))
    assert pages.words("a") == ["resume", "moons-1"]
    assert pages.words("b") == pages.words("") == pages.words("c") == ["moons", "--lr", "0.3"]
    pages.left("a", "")  # nothing was done in it
    assert pages.words("a") == ["resume", "moons-1"]
    pages.left("a", SAVED.format("'a run'"))
    assert pages.words("a") == ["resume", "a run"]


def test_a_kiosk_begins_anew() -> None:
    pages = Returning(["--kiosk", "--as", "anna", "moons"])
    pages.left("a", SAVED.format("moons-1"))
    assert pages.words("a") == ["--kiosk", "--as", "anna", "moons"]


def test_a_kiosks_page_goes_on_in_its_store_by_what_it_says_itself() -> None:
    options = [param for param in kiosk.params if isinstance(param, Option)]
    assert not any(option.is_flag for option in options), "each has a value"
    for own in (["--kiosk"], ["--kiosk", "--as", "anna", "--idle=5"]):
        pages = Returning([*own, "moons", "--lr", "0.3"])
        pages.left("a", f"moons is saved at step 3: {Kiosk('anna', page=True).again.format('moons-1')} opens it again")
        assert pages.words("a") == [*own, "resume", "moons-1"]
        assert pages.words("b") == [*own, "moons", "--lr", "0.3"]
    assert Kiosk("anna").again == Kiosk("anna", page=True, follows=True).again == "o", "who looks on does so anew"


def test_no_more_pages_are_remembered_than_there_is_room_for() -> None:
    pages = Returning([])
    for page in range(1001):
        pages.left(str(page), SAVED.format(f"moons-{page}"))
    assert (pages.words("0"), pages.words("1")) == ([], ["resume", "moons-1"])
