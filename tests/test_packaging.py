"""What is installed is what is in the checkout. Knows folders and pyproject.toml, must not know the code."""

import importlib.metadata
import importlib.resources
import sysconfig
import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from support.cases import each

CHECKOUT = Path(__file__).parents[1]
FOLDERS = ("datasets", "engine", "tui")


def files_below(folder: Traversable, prefix: str = "") -> Iterator[str]:
    """Names of the files below a folder, without what Python or a desktop leaves there."""
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from files_below(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name


def test_every_folder_with_code_is_a_listed_package() -> None:
    pyproject = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    with_code = {file.parent for folder in FOLDERS for file in (CHECKOUT / folder).rglob("*.py")}

    assert sorted(pyproject["tool"]["setuptools"]["packages"]) == sorted(
        ".".join(("chainstep", *folder.relative_to(CHECKOUT).parts)) for folder in with_code
    )
    assert [str(folder) for folder in with_code if not (folder / "__init__.py").exists()] == []


@each("folder", FOLDERS)
def test_installed_files_are_those_of_the_checkout(folder: str) -> None:
    installed = set(files_below(importlib.resources.files(f"chainstep.{folder}")))
    written = set(files_below(CHECKOUT / folder))

    assert written - installed == set(), "not installed: is it in package-data?"
    assert installed - written == set(), "installed but deleted here: remove build/ and install again"
    assert "py.typed" in installed


def test_only_chainstep_is_installed() -> None:
    site_packages = sysconfig.get_path("purelib")
    (installed,) = importlib.metadata.distributions(name="chainstep", path=[site_packages])

    # These names belong to other people's packages, which ours would overwrite.
    assert {file.parts[0] for file in installed.files or ()} & {*FOLDERS, "support", "tests"} == set()
