"""The command line: ``procare COMMAND``."""

from __future__ import annotations

import sys

import click

from bot.cli.late import LateGroup
from bot.errors import BotError, ConfigError

COMMANDS = {
    "serve": "bot.cli.run:serve_all",
    "ingress": "bot.cli.run:ingress",
    "worker": "bot.cli.run:worker",
    "agent": "bot.cli.run:agent",
    "sender": "bot.cli.run:sender",
    "scheduler": "bot.cli.run:scheduler",
    "rehearse": "bot.cli.rehearse:rehearse_command",
    "forecast": "bot.cli.forecast:forecast_command",
    "restore": "bot.cli.backup:restore_backup",
    "catch-up": "bot.cli.catch_up:catch_up_command",
    "check": "bot.cli.check:check",
    "register": "bot.cli.register:register",
    "parked": "bot.cli.parked:parked",
    "notices": "bot.cli.notices:notices",
    "sagas": "bot.cli.sagas:sagas",
    "audit": "bot.cli.audit:audit",
    "keys": "bot.cli.keys:keys",
    "erase": "bot.cli.erase:erase",
    "retention": "bot.cli.retention:retention",
    "migrate": "bot.cli.migrate:migrate",
    "staff": "bot.cli.staff:staff",
    "backup": "bot.cli.backup:backup",
    "media": "bot.cli.media:media",
    "chat": "bot.cli.chat:chat",
    "understand": "bot.cli.understand:understand",
    "lexicon": "bot.cli.lexicon:lexicon",
    "library": "bot.cli.library:library",
    "food": "bot.cli.food:food",
    "fhir": "bot.cli.fhir:fhir",
    "targets": "bot.cli.targets:targets",
    "dialogs": "bot.cli.dialogs:dialogs",
    "templates": "bot.cli.templates:templates",
    "i18n": "bot.cli.i18n:i18n",
}


@click.group(cls=LateGroup, late=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """ProCare: a care companion on WhatsApp."""


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
