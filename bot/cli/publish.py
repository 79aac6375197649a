"""``procare dialogs publish``, ``status``, ``rollback``: what people hear from now on, who stands where, and the way back."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import click

from bot import logs
from bot.app.desks import Desk, open_desk
from bot.audit.chain import Note
from bot.cli.reading import understanding
from bot.dialogue.bundle import Bundle, pack, read_bundle
from bot.dialogue.content import content_of
from bot.dialogue.crowd import Crowd, report, tell
from bot.dialogue.diff.compare import compare
from bot.dialogue.diff.telling import summary
from bot.dialogue.draft import Draft, draft_of
from bot.dialogue.lint.check import check_draft
from bot.dialogue.lint.formats import FORMATS
from bot.dialogue.official.needed import needed
from bot.errors import Conflict
from bot.i18n.unreviewed import unreviewed
from bot.ports.bundles import Publication
from bot.published.library import group_of
from bot.published.publishing import drafts_of, gather, publish, read_version, roll_back
from bot.published.tidy import tidy
from bot.sending.approvals import Approvals, stands
from config.policy import load_policy
from config.settings import read_settings
from webhooks.template_names import CODES

T = TypeVar("T")
NOTE = 300  # characters
SHOWN = 20  # publications
UNREAD = 20  # texts that wait for a reader, of thousands


def _who(option: str | None) -> str:
    return (_short(option) or getpass.getuser())[:80]


BY = click.option("--by", help="Who does it. Default: the name you are logged in with.")
REMARK = click.option("--note", help="Why, in a few words; 'status' shows it.")


@click.command("publish")
@REMARK
@BY
@click.option("--dry-run", is_flag=True, help="Only tell what it would mean.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish_dialogs(note: str | None, by: str | None, dry_run: bool, yes: bool) -> None:
    """Make the dialogues of the folder what people hear from now on.

    Running workers take them within seconds. Who is in the middle of something finishes on the version that they began on.
    Exit status 1 when there are blockers."""
    settings, languages = read_settings(), load_policy().behaviour.languages
    bundle = read_bundle(settings.dialogs_dir, settings.locales_dir, languages=languages)
    draft = draft_of(bundle, languages)
    blockers = [one for one in check_draft(draft, datetime.now(UTC).date(), understanding()) if one.level == "blocker"]
    if blockers:
        click.echo(FORMATS["text"](blockers))
        raise click.exceptions.Exit(1)
    if settings.official_channel and (missing := _at_desk(lambda desk: _unapproved(desk, draft, languages))):
        for line in missing:
            click.echo(line)
        click.echo(
            "nothing was published: people who have not written for a day would not be reached; see: procare templates status"
        )
        raise click.exceptions.Exit(1)
    if settings.reviewed_only and (waiting := unreviewed(draft.keys, bundle.files)):
        for one in waiting[:UNREAD]:
            click.echo(str(one))
        counted = Counter(one.file.split("/")[1] for one in waiting)
        click.echo("waiting for a native clinical reader: " + ", ".join(f"{code} {count}" for code, count in counted.items()))
        click.echo("nothing was published: PROCARE_REVIEWED_ONLY is on; see: procare i18n status")
        raise click.exceptions.Exit(1)
    pack(bundle)  # too large is said before anything is asked
    history = _at_desk(lambda desk: _tell(desk, bundle, draft, languages))
    if history and history[0].version == bundle.version:
        click.echo(f"nothing to publish: {bundle.version} is current already")
        return
    if dry_run:
        click.echo("nothing was published")
        return
    if not yes:
        click.confirm(f"Publish {bundle.version}?", abort=True)

    async def go(desk: Desk) -> None:
        version = await publish(desk.bundles, bundle, history, at=time.time(), by=_who(by), note=_short(note))
        await _enter(desk, "published the dialogues", version, by, note)
        click.echo(f"published {version}; running workers take it within seconds")
        await _tidy(desk)

    _at_desk(go)


@click.command()
@click.argument("version", required=False)
@REMARK
@BY
def rollback(version: str | None, note: str | None, by: str | None) -> None:
    """Make an earlier VERSION current again, by default the one before the current. Its first letters are enough."""

    async def go(desk: Desk) -> None:
        current = await roll_back(desk.bundles, version, at=time.time(), by=_who(by), note=_short(note))
        await _enter(desk, "rolled the dialogues back", current, by, note)
        click.echo(f"{current} is current again; running workers take it within seconds")

    _at_desk(go)


async def _enter(desk: Desk, what: str, version: str, by: str | None, note: str | None) -> None:
    await desk.audit.enter(Note(time.time(), f"staff {_who(by)}", what, why=_short(note) or "", content=version))


@click.command()
def status() -> None:
    """What is published, since when and by whom, and how many people stand on which version."""

    async def go(desk: Desk) -> None:
        now = time.time()
        kept, history, crowd = await desk.bundles.kept(), await desk.bundles.history(SHOWN), await gather(desk.census)
        people = crowd.versions
        if not history:
            click.echo("nothing is published: each worker uses the dialogues of its own folder")
        latest = {one.version: one for one in reversed(history)}
        order = list(dict.fromkeys([one.version for one in history] + [one.version for one in kept]))
        there = {one.version for one in kept}
        for version in [*(one for one in order if one in there or people[one]), *sorted(people.keys() - set(order))]:
            roles = len(await desk.directory.members(group_of(version), now=now))
            state = "current" if history and version == history[0].version else "older" if version in there else "gone"
            running = f", {_counted(roles, 'worker')}" if roles else ""
            click.echo(f"{version}  {state:<8} {_people(people[version])}{running}{_told(latest.get(version))}")
        for line in _unsure(crowd):
            click.echo(line)

    _at_desk(go)


async def _tell(desk: Desk, bundle: Bundle, draft: Draft, languages: tuple[str, ...]) -> list[Publication]:
    """Print what publishing means; returns the history that this rests on."""
    history = await desk.bundles.history(1)
    if history and history[0].version == bundle.version:
        return history
    current = await read_version(desk.bundles, history[0].version) if history else None
    if current:
        diffs = compare(draft_of(current, languages), draft)
        for diff in diffs:
            click.echo(f"{diff.flow}: {summary(diff)}")
        if not diffs:
            click.echo("no difference in what is said or done")
    else:
        click.echo("this is the first publication; until now each worker uses the dialogues of its own folder")
    crowd = await gather(desk.census)
    found = report(crowd, await drafts_of(desk.bundles, crowd.versions, languages), draft, content_of(bundle, languages))
    for line in (*tell(found), *_unsure(crowd)):
        click.echo(line)
    return history


async def _unapproved(desk: Desk, draft: Draft, languages: tuple[str, ...]) -> list[str]:
    """What a flow needs on the official channel and WhatsApp has not approved, one line each."""
    known = {(one.name, one.language): one for one in await Approvals(desk.documents, time.time).every()}
    lines = []
    for one in needed(draft.templates, [language for language in languages if language not in CODES]):
        found = known.get((one.name, one.language))
        if not stands(found, one.form):
            state = "not given in" if found is None else "approved in other words" if found.form != one.form else found.status
            why = f" ({found.reason})" if found and found.reason else ""
            lines.append(f"{one.file}: {one.name} in {one.language} is not approved: {state}{why}")
    return lines


async def _tidy(desk: Desk) -> None:
    for version in await tidy(desk.bundles, desk.census, time.time()):
        click.echo(f"removed {version}: nobody stands on it any more")


def _at_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    logs.set_up("ERROR")

    async def run() -> T:
        async with open_desk(read_settings()) as desk:
            return await work(desk)

    try:
        return asyncio.run(run())
    except Conflict as error:
        raise click.ClickException(f"{error} Look again with: procare dialogs status") from error


def _unsure(crowd: Crowd) -> Iterator[str]:
    if crowd.unreadable:
        yield f"{_counted(crowd.unreadable, 'session')} could not be read"
    if not crowd.complete:
        yield "there are more people than were counted"


def _told(publication: Publication | None) -> str:
    if publication is None:
        return ", never published"
    since = datetime.fromtimestamp(publication.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    back = " (rolled back)" if publication.back else ""
    return f", since {since} by {publication.by}{back}" + (f": {publication.note}" if publication.note else "")


def _short(note: str | None) -> str | None:
    plain = "".join(sign if sign.isprintable() else " " for sign in note or "")
    return " ".join(plain.split())[:NOTE] or None


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
