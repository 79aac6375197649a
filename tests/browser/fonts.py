"""The fonts of our pictures as this machine's fonts, so that a browser shapes every script also where none is installed.

DejaVu has Arabic letters but not all of Urdu's joins, and would take some words of a line for itself.
"""

from __future__ import annotations

from pathlib import Path

import agents.health_insights.picture

FOLDER = Path(agents.health_insights.picture.__file__).parent / "fonts"
_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{own}</dir><cachedir>{cache}</cachedir>
<selectfont><rejectfont><glob>*/DejaVu*</glob></rejectfont></selectfont>
<match target="pattern"><test qual="any" name="family"><string>system-ui</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Noto Sans</string></edit></match>
</fontconfig>
"""


def font_settings(folder: Path) -> dict[str, str | float | bool]:
    """What a browser's process needs in its environment. ``folder`` takes the settings and a cache."""
    conf = folder / "fonts.conf"
    conf.write_text(_CONF.format(own=FOLDER, cache=folder / "fonts"), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(conf)}
