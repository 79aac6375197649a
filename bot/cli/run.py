"""``procare serve`` and the roles alone."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable

import click

from agents.registry import NAMES
from bot import logs
from bot.app.engines import engine_names, split_problem
from bot.app.serve import ALL, serve
from bot.errors import BotError, ConfigError
from config.settings import Settings, read_settings


@click.command("serve")
def serve_all() -> None:
    """Run every role in one process (with embedded engines where no address is set)."""
    settings = read_settings()
    names = engine_names(settings)
    click.echo(
        f"procare: bus {names['bus']} · sessions {names['sessions']} · store {names['store']} · gateway {names['gateway']}"
    )
    _run(settings, ALL, greet=settings.evolution_url is None)


@click.command()
def ingress() -> None:
    """Take webhooks in."""
    _alone("ingress")


@click.command()
def worker() -> None:
    """Run the turns."""
    _alone("worker")


@click.command()
@click.argument("name", type=click.Choice(NAMES))
def agent(name: str) -> None:
    """Run one agent."""
    _alone(f"agent {name}")


@click.command()
def sender() -> None:
    """Send messages, and note receipts."""
    _alone("sender")


@click.command()
def scheduler() -> None:
    """Fire timers, and watch the queues."""
    _alone("scheduler")


@click.command("serve")
def serve_staff() -> None:
    """Serve the staff's pages alone."""
    if read_settings().staff_port is None:
        raise ConfigError("PROCARE_STAFF_PORT: set the port of the staff's pages")
    _alone("staff")


def _alone(role: str) -> None:
    settings = read_settings()
    if problem := split_problem(settings, role):
        raise ConfigError(problem)
    _run(settings, (role,), greet=False)


def _run(settings: Settings, roles: tuple[str, ...], *, greet: bool) -> None:
    logs.set_up(settings.log_level)
    gc.disable()  # until all is ready: what a start builds stays, and looking for garbage in it is a sixth of its CPU, measured

    def ready(url: str) -> None:
        spare_the_collector()
        if greet:
            click.echo(f"procare: open {url} and write a message, for example: hi")
        else:
            click.echo(f"procare: {' '.join(roles)} ready at {url}")

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_until_signal(settings, roles, ready))
    except (BotError, BaseExceptionGroup) as error:
        cause = _first(error)
        if isinstance(cause, ConfigError):
            raise cause from None
        if not isinstance(cause, BotError):
            raise
        click.echo(f"procare: stopped: {cause} ({cause.code})", err=True)
        sys.exit(1)
    finally:
        gc.enable()


async def _until_signal(settings: Settings, roles: tuple[str, ...], ready: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, roles, stop, ready=ready)


def spare_the_collector() -> None:
    """Left alone, Python's cycle collector starts every 700 allocations and soon walks all flows, catalogues and word lists
    again: a quarter of the worker's CPU, measured. What stands at the start stays for good and is taken out of its sight; the
    rest is looked at more seldom, which keeps a few MB of garbage longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    gc.enable()


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not on every platform; slower without
        return None
    return uvloop.Loop


def _first(error: BaseException) -> BaseException:
    """The first cause inside a task group's error."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
