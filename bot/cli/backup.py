"""``procare backup`` and ``procare restore``: through restic, whose own environment says where and with which password."""

from __future__ import annotations

import asyncio
import getpass
import signal
from datetime import UTC, datetime

import click

from bot import logs
from bot.app.backing_up import BEHIND, back_up, look_through, restore, tombstones_of
from bot.backup.keeping import done, keep_backing_up
from bot.backup.restic import Restic
from bot.backup.stream import Head
from config.settings import Settings, read_settings

HOURLY, DAILY = 48, 30
"""Of how many of the last hours and days a backup is kept."""
BROKEN_OFF = 130


@click.group()
def backup() -> None:
    """Encrypted, incremental backups of all engines (restic; set RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE)."""
    logs.set_up("CRITICAL")


@backup.command()
def init() -> None:
    """Make the repository, once."""
    asyncio.run(_restic(read_settings()).init())
    click.echo("the repository is made; keep its password elsewhere: without it no backup can be read")


@backup.command("run")
@click.option("--every", type=click.FloatRange(1), help="Go on: back up every so many minutes, and tidy once a day.")
@click.option(
    "--behind", type=click.FloatRange(0), default=BEHIND, show_default=True, help="Seconds that the journal ends before now."
)
def run_backup(every: float | None, behind: float) -> int:
    """Back up now. The service may run."""
    settings = read_settings()
    restic = _restic(settings)

    async def once() -> None:
        head = await back_up(settings, restic.store, behind)
        click.echo(f"backed up: {_told(head)}")
        for name, count in head.waiting.items():
            click.echo(f"warning: {count} messages waited in {name} of RabbitMQ and are not in the backup", err=True)

    async def work() -> int:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)  # the backup is given up, and restic with it: half a one must not stay
        if every is not None:
            await keep_backing_up(once, lambda: restic.forget(HOURLY, DAILY), every * 60.0, stop, _tell)
            return 0
        return 0 if await done(once, stop) else BROKEN_OFF

    return asyncio.run(work())


@backup.command()
@click.option("--keep-hourly", type=click.IntRange(1), default=HOURLY, show_default=True, help="Of so many hours one.")
@click.option("--keep-daily", type=click.IntRange(1), default=DAILY, show_default=True, help="Of so many days one.")
def tidy(keep_hourly: int, keep_daily: int) -> None:
    """Delete old backups."""
    asyncio.run(_restic(read_settings()).forget(keep_hourly, keep_daily))
    click.echo(f"kept: one of each of the last {keep_hourly} hours and {keep_daily} days with a backup")


@backup.command("list")
def list_backups() -> None:
    """The backups, the newest last."""
    for one in asyncio.run(_restic(read_settings()).snapshots()):
        click.echo(f"{one.short_id}  {one.time[:19]}  {one.hostname}")


@backup.command()
@click.argument("snapshot", default="latest")
def check(snapshot: str) -> None:
    """Check the repository, and read one backup to its end."""

    async def work() -> None:
        restic = _restic(read_settings())
        await restic.check()
        async with restic.stored(snapshot) as read:
            head, counts = await look_through(read)
        click.echo(_told(head))
        for name, count in sorted(counts.items()):
            click.echo(f"  {name:<24} {count}")

    asyncio.run(work())


@click.command("restore")
@click.argument("snapshot", default="latest")
def restore_backup(snapshot: str) -> None:
    """Put a backup into empty engines, before the service starts."""
    logs.set_up("CRITICAL")
    settings = read_settings()

    async def work() -> tuple[Head, int, int]:
        if snapshot != "latest":  # who was erased between the two is told by the newest
            async with _restic(settings).stored("latest") as newest:
                await tombstones_of(newest, settings)
        async with _restic(settings).stored(snapshot) as read:
            return await restore(settings, read, f"staff {getpass.getuser()}"[:80])

    head, people, erased = asyncio.run(work())
    if erased:
        click.echo(f"{erased} erasures from after the backup were done once more: `procare erase PERSON --verify` proves each")
    click.echo(f"restored: {_told(head)}; {people} conversations of the last days stand in the session engine")
    click.echo("start all but the ingress, then `procare catch-up` (what was written since then), then the ingress")


def _restic(settings: Settings) -> Restic:
    return Restic(settings.data_dir / "cache" / "restic")


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _told(head: Head) -> str:
    return f"{head.store}, {head.bus}; conversations as of {datetime.fromtimestamp(head.cut, UTC):%Y-%m-%d %H:%M:%S} UTC"
