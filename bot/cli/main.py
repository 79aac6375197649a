"""The command line: ``procare COMMAND``."""

from __future__ import annotations

import sys

import click

from bot.cli.audit import audit
from bot.cli.backup import backup, restore_backup
from bot.cli.chat import chat
from bot.cli.check import check
from bot.cli.dialogs import dialogs
from bot.cli.dialogs_diff import dialogs_diff
from bot.cli.dialogs_graph import dialogs_graph
from bot.cli.dialogs_stats import dialogs_stats
from bot.cli.dialogs_test import dialogs_test
from bot.cli.erase import erase
from bot.cli.fhir import fhir
from bot.cli.food import food
from bot.cli.forecast import forecast_command
from bot.cli.i18n import i18n
from bot.cli.keys import keys
from bot.cli.lexicon import lexicon
from bot.cli.library import library
from bot.cli.media import media
from bot.cli.notices import notices
from bot.cli.parked import parked
from bot.cli.publish import publish_dialogs, rollback, status
from bot.cli.register import register
from bot.cli.rehearse import rehearse_command
from bot.cli.retention import retention
from bot.cli.run import agent, ingress, scheduler, sender, serve_all, serve_staff, worker
from bot.cli.sagas import sagas
from bot.cli.staff import staff
from bot.cli.templates import templates
from bot.cli.understand import understand
from bot.errors import BotError, ConfigError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """ProCare: a care companion on WhatsApp."""


for command in (
    serve_all,
    ingress,
    worker,
    agent,
    sender,
    scheduler,
    check,
    register,
    rehearse_command,
    parked,
    notices,
    forecast_command,
    sagas,
    audit,
    keys,
    erase,
    retention,
    staff,
    backup,
    restore_backup,
    media,
    chat,
    understand,
    lexicon,
    library,
    food,
    fhir,
    dialogs,
    templates,
    i18n,
):
    commands.add_command(command)
for command in (dialogs_test, dialogs_diff, dialogs_graph, dialogs_stats, publish_dialogs, status, rollback):
    dialogs.add_command(command)
staff.add_command(serve_staff)


def main() -> None:
    """Entry point. A person's mistake is one clear line, never a traceback."""
    try:
        status = commands(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ConfigError as error:
        for line in str(error).splitlines():
            click.echo(f"procare: {line}", err=True)
        sys.exit(2)
    except BotError as error:
        click.echo(f"procare: {error} ({error.code})", err=True)
        sys.exit(1)
    if isinstance(status, int):  # click hands a command's own exit status over as its result
        sys.exit(status)
