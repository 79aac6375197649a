"""``procare templates``: the official channel's templates, from the author's file to WhatsApp's approval."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

import click

from bot import logs
from bot.app.desks import open_store
from bot.app.gateway import LOCAL_KEY
from bot.dialogue.draft import Draft, read_draft
from bot.dialogue.lint.check import check_draft
from bot.dialogue.lint.formats import FORMATS
from bot.dialogue.official.needed import Wanted, every_form, unspoken, wordless
from bot.dialogue.official.template import components
from bot.errors import BotError, ConfigError, OutcomeUnknown, Refused
from bot.handwritten.finding import Finding
from bot.i18n.official import misread
from bot.ports.templates import NewTemplate
from bot.sending.approvals import FIRST_PAGE, Approval, Approvals, approval_of, stands
from config.policy import load_policy
from config.settings import Settings, read_settings
from webhooks.evolution.client import EvolutionGateway
from webhooks.template_names import CODES

T = TypeVar("T")
NOT_GIVEN, OTHER_WORDS = "not given in", "other words"
STATES = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "GONE")


@click.group()
def templates() -> None:
    """What WhatsApp must approve before it reaches people who have not written for a day."""


@templates.command()
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="text", show_default=True)
def lint(form: str) -> None:
    """Check the templates of the folder against WhatsApp's rules, and each language against its own.

    Exit status 1 when there are blockers."""
    settings = read_settings()
    draft = _draft(settings)
    findings = _findings(draft)
    click.echo(FORMATS[form](findings))
    odd = list(misread(draft.templates, draft.tongues, settings.locales_dir))
    if form == "text":
        for one in odd:
            click.echo(f"{one.level}: {one}")
        click.echo(f"{len(draft.templates)} templates, {len(list(every_form(draft.templates)))} texts")
        for step in unspoken(draft.files, draft.templates):
            click.echo(f"no template: {step} is dropped, or waits, where the person has not written for a day")
        for language, count in wordless(draft.templates, load_policy().behaviour.languages).items():
            click.echo(f"no words in {language}: {count} templates; its people get template_fallback, or English")
    if any(one.level == "blocker" for one in (*findings, *odd)):
        raise click.exceptions.Exit(1)


@templates.command()
@click.argument("names", nargs=-1)
@click.option("--language", help="Only in this language.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be given in.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def submit(names: tuple[str, ...], language: str | None, dry_run: bool, yes: bool) -> None:
    """Give in for review what WhatsApp does not have yet: all templates, or those of NAMES.

    Approved words cannot be changed through Evolution: other words need another name. Exit status 1 when one is refused."""
    settings = read_settings()
    draft = _draft(settings)
    blockers = [one for one in _findings(draft) if one.level == "blocker"]
    if blockers:
        click.echo(FORMATS["text"](blockers))
        raise click.exceptions.Exit(1)
    if strangers := sorted(set(names) - draft.templates.keys()):
        raise ConfigError(f"there is no template {', '.join(strangers)}; there are {', '.join(sorted(draft.templates))}")
    wanted = [one for one in every_form(draft.templates) if (not names or one.name in names) and language in (None, one.language)]

    async def go(approvals: Approvals) -> int:
        known = {(one.name, one.language): one for one in await approvals.every()}
        fresh = []
        for one in wanted:
            state = _state(one, known.get((one.name, one.language)))
            if state == NOT_GIVEN:
                fresh.append(one)
            elif state == OTHER_WORDS:
                click.echo(f"{one.name} {one.language}: WhatsApp has other words under this name; rename it, like {one.name}_2")
        for one in fresh:
            click.echo(f"{one.name} {one.language}: to be given in as {draft.templates[one.name].template.category}")
        if not fresh or dry_run:
            click.echo("nothing was given in")
            return 0
        if not yes:
            click.confirm(f"Give in {len(fresh)}?", abort=True)
        async with _gateway(settings) as gateway:
            return await _give_in(gateway, approvals, settings.evolution_instance, draft, fresh)

    if refused := _at_store(settings, go):
        click.echo(f"{refused} were refused")
        raise click.exceptions.Exit(1)


@templates.command()
def sync() -> None:
    """Ask WhatsApp, through Evolution, how the review stands, and keep it."""
    settings = read_settings()

    async def go(approvals: Approvals) -> None:
        before = {(one.name, one.language): one.status for one in await approvals.every()}
        async with _gateway(settings) as gateway:
            listed = await gateway.templates(settings.evolution_instance)
        for one in await approvals.sync(listed, at=time.time()):
            if before.get((one.name, one.language)) != one.status:
                click.echo(f"{one.name} {one.language}: {before.get((one.name, one.language), '-')} -> {one.status}")
        click.echo(f"{len(listed)} listed")
        if len(listed) >= FIRST_PAGE:
            click.echo("The gateway lists the first page only. Look for the rest in WhatsApp's manager: procare templates note")

    _at_store(settings, go)


@templates.command()
@click.argument("name")
@click.argument("language")
@click.argument("state", type=click.Choice(STATES, case_sensitive=False))
@click.option("--reason", help="Why it was rejected.")
def note(name: str, language: str, state: str, reason: str | None) -> None:
    """Note by hand what WhatsApp's manager shows of the template NAME in LANGUAGE, for words as they are in the folder now."""
    settings = read_settings()
    draft = _draft(settings)
    one = next((one for one in every_form(draft.templates) if (one.name, one.language) == (name, language)), None)
    if one is None or one.form is None:
        raise ConfigError(f"there is no template {name} in {language}")
    category = draft.templates[name].template.category
    fresh = Approval(name, language, state.upper(), category, one.form, time.time(), reason=reason, by_hand=True)
    _at_store(settings, lambda approvals: approvals.note(fresh))
    click.echo(f"{name} {language}: {fresh.status}, by hand")


@templates.command()
def status() -> None:
    """Each template in each language: approval, category, quality, why it was rejected, and what it stands for.

    Exit status 1 when one that a flow needs is not approved."""
    settings = read_settings()
    draft = _draft(settings)
    known = {(one.name, one.language): one for one in _at_store(settings, lambda approvals: approvals.every())}
    short = 0
    for one in every_form(draft.templates):
        found, template = known.pop((one.name, one.language), None), draft.templates[one.name].template
        state = _state(one, found)
        steps = ", ".join(dict.fromkeys(part.step for part in template.stands_for)) or "no step yet"
        short += bool(template.stands_for) and one.language not in CODES and not stands(found, one.form)
        click.echo(
            f"{one.name:<24} {one.language:<7} {state:<13} {_category(template.category, found):<12} {steps}{_more(found)}"
        )
    for left in known.values():
        click.echo(f"{left.name:<24} {left.language:<7} {left.status:<13} {left.category:<12} not in this folder{_more(left)}")
    click.echo(f"{short} that flows need are not approved" if short else "all that flows need is approved")
    if short:
        raise click.exceptions.Exit(1)


async def _give_in(
    gateway: EvolutionGateway, approvals: Approvals, instance: str, draft: Draft, fresh: list[Wanted]
) -> int:  # fmt: skip
    refused = 0
    for one in fresh:
        template = draft.templates[one.name].template
        new = NewTemplate(one.name, one.language, template.category, components(template, one.language))
        try:
            made = await gateway.create_template(instance, new)
        except Refused as error:
            refused += 1
            click.echo(f"{one.name} {one.language}: refused: {error} ({error.code})")
            continue
        except OutcomeUnknown as error:
            raise click.ClickException(
                f"{one.name} {one.language}: it may have been given in ({error.code}); see: procare templates sync"
            ) from error
        await approvals.note(approval_of(made, time.time()))
        click.echo(f"{one.name} {one.language}: {made.status}")
    return refused


def _state(wanted: Wanted, known: Approval | None) -> str:
    if known is None or known.status == "GONE":
        return NOT_GIVEN
    return known.status if known.form == wanted.form else OTHER_WORDS


def _category(ours: str, known: Approval | None) -> str:
    """WhatsApp may have given it another one, with another price."""
    return f"{ours}!{known.category}" if known and known.category not in ("", ours) else ours


def _more(known: Approval | None) -> str:
    if known is None:
        return ""
    when = datetime.fromtimestamp(known.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    parts = [f"quality {known.quality}" if known.quality else "", known.reason or "", f"{'by hand, ' * known.by_hand}{when}"]
    return "".join(f"; {part}" for part in parts if part)


def _draft(settings: Settings) -> Draft:
    return read_draft(settings.dialogs_dir, settings.locales_dir, languages=load_policy().behaviour.languages)


def _findings(draft: Draft) -> list[Finding]:
    return [one for one in check_draft(draft, datetime.now(UTC).date()) if one.file.startswith("dialogs/templates/")]


@asynccontextmanager
async def _gateway(settings: Settings) -> AsyncIterator[EvolutionGateway]:
    """Evolution, or the look-alike of a service that runs on this machine."""
    key = settings.evolution_api_key.get_secret_value() if settings.evolution_api_key else LOCAL_KEY
    url = settings.evolution_url or f"http://{settings.host}:{settings.port}"
    async with EvolutionGateway(url, key) as gateway:
        try:
            yield gateway
        except BotError as error:
            raise click.ClickException(f"the gateway did not do it: {error} ({error.code})") from error


def _at_store(settings: Settings, work: Callable[[Approvals], Awaitable[T]]) -> T:
    logs.set_up("ERROR")

    async def run() -> T:
        async with open_store(settings) as store:
            return await work(Approvals(store.documents, time.time))

    return asyncio.run(run())
