"""The bus on Redis or Valkey Streams with consumer groups."""

from bot.adapters.streams.bus import StreamsBus

__all__ = ["StreamsBus"]
