"""Our own library, read once for all tests."""

from __future__ import annotations

from agents.learning_library.search import Library
from agents.learning_library.shelf import read_shelf
from config.library import load_library_policy
from tests.agents.library.evaluate import ROOT

SHELF = read_shelf(ROOT / "dialogs")
LIBRARY = Library(SHELF, load_library_policy().search)
