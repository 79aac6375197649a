"""What WhatsApp takes, in characters and pieces (Meta's Cloud API reference for interactive messages; Evolution v2.3.6 adds the
rest: it cuts row descriptions at 72 and refuses repeated button texts)."""

from __future__ import annotations

TEXT = 4_096
INTERACTIVE_BODY = 1_024
HEADER = 60
FOOTER = 60
BUTTONS = 3
BUTTON_LABEL = 20
ROWS = 10
ROW_LABEL = 24
ROW_DESCRIPTION = 72
LIST_BUTTON = 20
OPTION_ID = 200
