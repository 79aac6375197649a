"""What is fuzzed. A target takes any bytes and raises nothing but what its callers expect; everything else is a finding."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.dialogue.display import FILTERS
from bot.dialogue.expression import LIMIT, BadExpression, compile_expression, compile_template
from bot.errors import Malformed
from bot.handwritten.finding import Unreadable
from bot.handwritten.source import parse_source
from bot.media.checking import check_file
from bot.model.codec import decode_effect, decode_turn_event, encode
from bot.understanding.meaning import Context
from tests.fuzz.shapes import as_json, changed, pieced
from tests.media.made import GIF, OGG, PDF, PNG, docx, jpeg, packed, pdf, webp
from tests.reading import our_reader
from webhooks.calling import Answer
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import parse as parse_evolution
from webhooks.lab import events as lab
from webhooks.meta.parsing import parse as parse_meta
from webhooks.parsed import Arrived
from webhooks.razorpay import events as razorpay
from webhooks.razorpay.entities import link_of, state_of

ROOT = Path(__file__).parent.parent.parent
NOW = 1_795_500_000.0
NUMBERS = {"100200300400500": "clinic"}
CAPTURED = ROOT / "tests" / "webhooks" / "captured"
PAYMENT = {
    "id": "pay_1", "amount": 50_000, "currency": "INR", "status": "captured", "notes": {"reference": "v0123456789abcdef.1"},
}  # fmt: skip
LINK = {
    "id": "plink_1",
    "reference_id": "v0123456789abcdef.1",
    "short_url": "https://rzp.io/i/x",
    "status": "paid",
    "payments": [PAYMENT],
}
PARTNERS: list[object] = [
    {"event": "payment_link.paid", "payload": {"payment_link": {"entity": LINK}, "payment": {"entity": PAYMENT}}},
    {"event": "payment.failed", "payload": {"payment": {"entity": PAYMENT}}}, LINK,
    {"id": "lab-1", "order": "t0123456789abcdef.1"},
]  # fmt: skip
FILES = [PNG, OGG, PDF, GIF, jpeg(40, 30), webp(b"VP8X", 40, 30), pdf(packed(900), packed(90)), docx(parts=3)]
YAML = (
    "flow: ", "a: ", "say: ", "b", "\n", "\n  ", "\n    ", "- ", ": ", "{", "}", "[", "]", ",", "&a ", "*a",
    "!!python/object:os.system ", "!", "|", ">", "'", '"', "#", "%", "@", "`",
    "\t", "\u2028", "\ufeff", "\x07", "---\n", "...\n", "? ", "<<: ", "no", "0x1F", "1e9",
    "~", "é", "नमस्ते", "[[[[[[[[", "{a: {a: {a: ", "\n- - - -", "\u200f", "options:\n  x: {label: ",
)  # fmt: skip
TEMPLATE = (
    "{{ ", " }}", "{% ", " %}", "{#", "#}", "a", "a.b", "name",
    "n", "1", "'x'", " if ", " else ", " and ", " or ", " not ", " in ",
    " == ", " < ", " + ", " - ", "*", "**", "(", ")", "[", "]",
    "|", ".", ",", ":", "if a", "elif b", "else", "endif", "for x in a",
    "set x=1", "__class__", "{{", "}}", "\\", "\n", "नमस्ते ", "words ",
    "%", "self", "none", "true", "~", "-", "{{a}}", "\x00", *FILTERS,
)  # fmt: skip
VALUES = {"a": {"b": 5, "__class__": "x"}, "name": "{{ a }} <b>", "n": 182.0, "b": None, "words": ["x", "y"], "x": "\u202e"}


@cache
def _bodies(key: str | None) -> list[object]:
    """Recorded deliveries: Meta's own (``meta_webhook_in``), else those of Evolution."""
    from tests.webhooks import recordings

    if key is None:
        return [body for name in recordings.names("*-in-*") for body in recordings.deliveries(name)]
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CAPTURED.glob("cloud-in-*.json"))]
    return [one[key] for one in found if key in one]


@cache
def _phrases() -> list[str]:
    """Words of our own phrases, numbers, and signs between them."""
    texts = [
        json.loads(line)["text"]
        for name in ("emergency.dev", "readings.dev", "intents.dev")
        for line in (ROOT / "dialogs" / "eval" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    words = sorted({word for text in texts for word in text.split()})
    return [
        *(f"{word} " for word in words),
        *"0123456789०१२৩௪/-:.,!?\n",
        " " * 50,
        "\u200d",
        "\x00",
        "🩸",
        "mg/dl ",
        "999999999999 ",
    ]


def _travels(parsed: object) -> None:
    if isinstance(parsed, Arrived):
        assert decode_turn_event(encode(parsed.inbound)) == parsed.inbound


def evolution(data: bytes) -> None:
    shaped = data if data[:1] < b"\x20" else as_json(changed(_bodies(None), data[1:]))
    try:
        for item in parse_evolution(shaped, Reading(), NOW):
            _travels(item)
    except Malformed:
        pass


def meta(data: bytes) -> None:
    shaped = data if data[:1] < b"\x20" else as_json(changed(_bodies("meta_webhook_in"), data[1:]))
    try:
        for item in parse_meta(shaped, NUMBERS, NOW):
            _travels(item)
    except Malformed:
        pass


def partners(data: bytes) -> None:
    """The bodies that signed partners send, and their answers to us."""
    shaped = data[1:] if data[:1] < b"\x40" else as_json(changed(PARTNERS, data[1:]))
    for read in (razorpay.read_event(lambda: NOW), lab.read_event(lambda: NOW)):
        try:
            for intent in read(shaped, {"X-Razorpay-Event-Id": shaped[:9].decode("latin-1")}):
                assert decode_effect(encode(intent)) == intent
        except Malformed:
            pass
    link_of(entity := Answer(200, shaped).json())
    state_of(entity)


def media(data: bytes) -> None:
    """Files of people: one of ours with bytes changed, and perhaps cut off."""
    file = bytearray(FILES[data[0] % len(FILES)] if data else b"")
    for at in range(2, len(data) - 2, 3):
        file[int.from_bytes(data[at : at + 2]) % len(file)] = data[at + 2]
    shaped = bytes(file[: len(file) * data[1] // 200] if len(data) > 1 and data[1] < 200 else file)
    for kind in ("image", "audio", "document"):
        check_file(shaped, kind)


def understanding(data: bytes) -> None:
    text = data.decode("utf-8", "replace") if data[:1] < b"\x60" else pieced(_phrases(), data[1:])
    meaning = our_reader().understand(
        text, Context(expects=(None, "glucose", "choice", "number", "time", "date")[len(data) % 6], now=NOW)
    )
    assert all(0 <= span.start <= span.end <= len(text) for span in meaning.spans)


def yaml(data: bytes) -> None:
    raw = data[1:] if data[:1] < b"\x40" else pieced(YAML, data[1:]).encode()
    try:
        source = parse_source(raw, "fuzz.yaml")
    except Unreadable:
        return
    assert source.line(("a", 0, "b")) >= 1


def template(data: bytes) -> None:
    text = data[1:].decode("utf-8", "replace") if data[:1] < b"\x40" else pieced(TEMPLATE, data[1:])
    for compiled in (compile_template, compile_expression):
        try:
            said = compiled(text)(VALUES)
        except BadExpression:
            continue
        assert compiled is compile_expression or len(said) <= LIMIT


TARGETS: dict[str, Callable[[bytes], None]] = {
    "evolution": evolution, "meta": meta, "partners": partners, "media": media, "understanding": understanding, "yaml": yaml,
    "template": template,
}  # fmt: skip
