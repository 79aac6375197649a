"""How much a session may hold, whatever it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.codec import encode

if TYPE_CHECKING:
    from bot.dialogue.scene import Scene

SESSION_LIMIT = 8000  # bytes of a session as JSON
NUMBER_LIMIT = 1e15  # of one stored number; a flow that doubles one at every turn ends here, and JSON keeps it exactly
VALUE_LIMIT = 700  # characters of one stored variable
ITEMS = 10  # of a list, as many as WhatsApp shows options


def bounded(value: Any) -> Any:
    """A value small enough to keep: short text, a number, a flat mapping of such, a short list of these."""
    if isinstance(value, str):
        return value[:VALUE_LIMIT]
    if isinstance(value, list | tuple):
        return [bounded(item) for item in value[:ITEMS] if not isinstance(item, list | tuple)]
    if isinstance(value, dict):
        return {str(key)[:40]: bounded(item) for key, item in list(value.items())[:12] if not isinstance(item, dict | list)}
    return value if isinstance(value, int | float) and -NUMBER_LIMIT <= value <= NUMBER_LIMIT else None


def shrink(scene: Scene) -> None:
    """A session is bounded whatever it was told: what is missed least goes first."""
    session = scene.session
    while len(encode(session)) > SESSION_LIMIT:
        scene.note("session_shrunk")
        texts = [(len(str(value)), frame, name) for frame in session.stack for name, value in frame.vars.items()]
        if session.bookmarks:
            session.bookmarks = session.bookmarks[1:]
        elif session.overdue:
            del session.overdue[next(iter(session.overdue))]
        elif session.last:
            session.last = None
        elif len(session.stack) > 1:
            scene.evict()
        elif texts:
            _, frame, name = max(texts, key=lambda text: text[0])
            del frame.vars[name]
        elif session.vars:
            session.vars = {}
        else:
            return
