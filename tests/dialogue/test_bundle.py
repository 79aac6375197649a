"""What is published together is one value with one name, and comes out of the store as it went in."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from bot.dialogue import bundle as rules
from bot.dialogue.bundle import Bundle, pack, read_bundle, unpack
from bot.dialogue.content import content_of, load_content
from bot.errors import Malformed
from bot.handwritten.finding import Unreadable
from tests.dialogue.talk import ROOT, content, policy

LANGUAGES = policy().behaviour.languages


def ours() -> Bundle:
    return read_bundle(ROOT / "dialogs", ROOT / "locales", languages=LANGUAGES)


def test_a_bundle_is_named_by_its_bytes_alone() -> None:
    bundle = ours()
    assert Bundle(dict(reversed(bundle.files.items()))).version == bundle.version == content().version
    assert Bundle({**bundle.files, "dialogs/emergency.yaml": b""}).version != bundle.version
    assert Bundle({"ab": b"c"}).version != Bundle({"a": b"bc"}).version


def test_a_bundle_comes_back_as_it_was_and_compiles_to_the_same() -> None:
    bundle = ours()
    again = unpack(pack(bundle), bundle.version)
    assert again.files == bundle.files
    made = content_of(again, LANGUAGES)
    assert (made.version, made.languages, set(made.flows)) == (content().version, LANGUAGES, set(content().flows))
    assert made.keys == content().keys


def test_older_content_speaks_the_languages_that_it_has() -> None:
    bundle = ours()
    english = Bundle({name: raw for name, raw in bundle.files.items() if not name.startswith("locales/")})
    assert content_of(english, ["en", "hi", "ta"]).languages == ("en",)


@pytest.mark.parametrize("spoil", ["short", "long", "other", "bytes", "form"])
def test_what_is_not_the_bundle_that_was_asked_for_is_malformed(spoil: str) -> None:
    bundle = Bundle({"a": b"1" * 100})
    packed = pack(bundle)
    version = bundle.version
    if spoil == "form":
        packed, version = zlib.compress(b"\xc0"), rules.version_of(b"\xc0")
    spoilt = {
        "short": packed[:-3],
        "long": packed[:5],
        "other": pack(Bundle({"a": b"2" * 100})),
        "bytes": b"no",
        "form": packed,
    }
    with pytest.raises(Malformed):
        unpack(spoilt[spoil], version)


def test_a_bundle_is_bounded_going_in_and_coming_out(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = Bundle({"a": b"0" * 100_000})
    packed = pack(bundle)
    monkeypatch.setattr(rules, "UNPACKED_LIMIT", 50_000)
    with pytest.raises(Unreadable, match="too large to publish"):
        pack(bundle)
    with pytest.raises(Malformed):
        unpack(packed, bundle.version)


def test_a_finding_of_a_newer_release_does_not_take_published_content_away(tmp_path: Path) -> None:
    bundle = ours()
    raw = bundle.files["dialogs/flows/thanks.yaml"]
    odd = Bundle({**bundle.files, "dialogs/flows/thanks.yaml": raw + b'\n  nowhere:\n    say: "Nobody comes here."\n'})
    assert "thanks" in content_of(odd, ["en"]).flows  # "unreachable" is a blocker at the start from a folder
    broken = Bundle({**bundle.files, "dialogs/flows/thanks.yaml": raw + b"\n  nowhere:\n    next: gone\n"})
    with pytest.raises(Unreadable, match="there is no such step"):
        content_of(broken, ["en"])
    assert load_content(ROOT / "dialogs", ROOT / "locales", languages=["en"]).flows
