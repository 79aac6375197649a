"""Published dialogues reach a running role by themselves, and nobody who stands on an older version is let down."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.app.engines import Engines
from bot.dialogue.bundle import Bundle, pack, read_bundle
from bot.dialogue.content import Content, content_of
from bot.dialogue.engine import Engine
from bot.errors import StoreUnavailable
from bot.metrics import Metrics
from bot.model.ids import InputId
from bot.model.session import Frame, Session
from bot.ports.bundles import Publication
from bot.published import library as rules
from bot.published.library import Library, group_of
from bot.published.tidy import GRACE, removable, tidy
from tests.dialogue.stub import understand
from tests.dialogue.talk import ROOT, policy
from tests.runtime.parts import ASHA, RAVI

NOW = 2_000.0


def bundle(greeting: str | None = None) -> Bundle:
    """Our dialogues in English; with ``greeting`` another version of them."""
    made = read_bundle(ROOT / "dialogs", ROOT / "locales", languages=["en"])
    if greeting is None:
        return made
    name = "dialogs/flows/thanks.yaml"
    return Bundle({**made.files, name: made.files[name] + f"\n# {greeting}\n".encode()})


class Reading:
    """Compiles as a role does, and remembers in which threads."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    def __call__(self, made: Bundle, current: bool) -> Content:
        self.threads.append(threading.get_ident())
        return content_of(made, ["en"], current=current)


def role(engines: Engines, reading: Reading | None = None, bundles: Any = None) -> tuple[Library, Engine, Metrics]:
    metrics = Metrics()
    engine = Engine(content_of(bundle(), ["en"]), policy(), understand)
    library = Library(
        engine, bundles or engines.store.bundles, engines.directory, reading or Reading(), metrics, lambda: NOW, "member"
    )
    return library, engine, metrics


async def publish(engines: Engines, number: int, made: Bundle, at: float = NOW) -> str:
    await engines.store.bundles.keep(made.version, pack(made), at=at)
    await engines.store.bundles.publish(Publication(number, made.version, at, "test"))
    return made.version


def counted(metrics: Metrics, outcome: str) -> float:
    return metrics.registry.get_sample_value("procare_dialogues_total", {"outcome": outcome}) or 0.0


async def test_as_long_as_nothing_is_published_the_folders_count_and_are_kept(engines: Engines) -> None:
    library, engine, _ = role(engines)
    await library.open(bundle())
    assert engine.contents.current.version == bundle().version
    assert [one.version for one in await engines.store.bundles.kept()] == [bundle().version]
    assert await engines.directory.members(group_of(bundle().version), now=NOW) == ["member"]


async def test_what_is_published_is_taken_and_read_beside_the_loop(engines: Engines) -> None:
    reading = Reading()
    library, engine, metrics = role(engines, reading)
    await library.open(bundle())
    version = await publish(engines, 1, bundle("new"))
    await library.look()
    await library.look()
    assert engine.contents.current.version == version
    assert engine.contents.of(bundle().version) is not None
    assert (counted(metrics, "taken"), len(reading.threads)) == (1.0, 1)
    assert threading.get_ident() not in reading.threads
    assert await engines.directory.members(group_of(version), now=NOW) == ["member"]
    assert await engines.directory.members(group_of(bundle().version), now=NOW) == []
    await engines.store.bundles.publish(Publication(2, bundle().version, NOW, "test", back=True))
    await library.look()
    assert engine.contents.current.version == bundle().version


async def test_a_running_role_takes_it_without_being_told(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LOOK", 0.01)
    library, engine, _ = role(engines)
    taken, stop = asyncio.Event(), asyncio.Event()
    labels = library._metrics.dialogues.labels

    def told(outcome: str) -> Any:
        if outcome == "taken":
            taken.set()
        return labels(outcome)

    monkeypatch.setattr(library._metrics.dialogues, "labels", told)
    async with asyncio.TaskGroup() as group:
        group.create_task(library.watch(stop))
        version = await publish(engines, 1, bundle("new"))
        async with asyncio.timeout(60):
            await taken.wait()
        stop.set()
    assert engine.contents.current.version == version
    assert await engines.directory.members(group_of(version), now=NOW) == []


async def test_a_version_that_somebody_stands_on_is_fetched_once(engines: Engines) -> None:
    older = bundle("older")
    await publish(engines, 1, older)
    await publish(engines, 2, bundle("newer"))
    reading = Reading()
    library, engine, _ = role(engines, reading)
    await library.open(bundle())
    sessions = [Session(person, stack=[Frame("menu", older.version, "choose")]) for person in (ASHA, RAVI) for _ in range(10)]
    await asyncio.gather(*map(library.ready_for, sessions))
    assert engine.contents.of(older.version) is not None
    assert len(reading.threads) == 2  # the current one, and this one
    gone = Session(ASHA, stack=[Frame("menu", "123456789abc", "choose")])
    await library.ready_for(gone)  # the turn lands it
    assert engine.contents.missing(gone) == {"123456789abc"}


@pytest.mark.parametrize("spoilt", ["bytes", "step"])
async def test_what_this_release_cannot_run_is_refused_once_and_people_are_answered(engines: Engines, spoilt: str) -> None:
    library, engine, metrics = role(engines)
    await library.open(bundle())
    name = "dialogs/flows/thanks.yaml"
    made = Bundle({**bundle().files, name: bundle().files[name] + b"\n  more:\n    next: nowhere\n"})
    packed = pack(made) if spoilt == "step" else b"not a bundle"
    await engines.store.bundles.keep(made.version, packed, at=NOW)
    await engines.store.bundles.publish(Publication(1, made.version, NOW, "test"))
    for _ in range(3):
        await library.look()
    assert engine.contents.current.version == bundle().version
    assert counted(metrics, "refused") == 1.0
    version = await publish(engines, 2, bundle("mended"))
    await library.look()
    assert engine.contents.current.version == version


class Away:
    """A store that does not answer."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def away(*_: object, **__: object) -> None:
            raise StoreUnavailable

        return away


async def test_without_the_store_a_role_starts_and_says_that_it_cannot_tell(engines: Engines) -> None:
    library, engine, _ = role(engines, bundles=Away())
    await library.open(bundle())
    assert engine.contents.current.version == bundle().version
    with pytest.raises(StoreUnavailable):
        await library.ready_for(Session(ASHA, stack=[Frame("menu", "123456789abc", "choose")]))
    await library.ready_for(Session(ASHA, stack=[Frame("menu", bundle().version, "choose")]))


async def test_a_bundle_goes_when_the_last_conversation_has_left_it(engines: Engines) -> None:
    versions = [await publish(engines, number, bundle(f"v{number}"), at=NOW + number) for number in range(1, 5)]
    session = Session(ASHA, version=1, stack=[Frame("menu", versions[0], "choose")])
    await engines.sessions.commit(session, InputId("i1"), [], now=NOW)
    assert await tidy(engines.store.bundles, engines.census, NOW + GRACE) == []
    assert await tidy(engines.store.bundles, engines.census, NOW + GRACE + 10) == [versions[1]]
    session.stack, session.version = [], 2
    session.overdue = {}
    await engines.sessions.commit(session, InputId("i2"), [], now=NOW)
    assert await tidy(engines.store.bundles, engines.census, NOW + GRACE + 10) == [versions[0]]
    assert {one.version for one in await engines.store.bundles.kept()} == set(versions[2:])


async def test_as_long_as_nothing_is_published_the_newest_folder_is_in_use(engines: Engines) -> None:
    for number in range(3):
        await engines.store.bundles.keep(f"v{number}", b"x", at=float(number))
    assert removable(await engines.store.bundles.kept(), [], GRACE + 100) == {"v0", "v1"}
    assert removable(await engines.store.bundles.kept(), [], GRACE) == set()
