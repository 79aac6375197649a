"""Everything that is published together, as one value: flows, emergency texts and catalogues, byte for byte as their authors left
them. Its version is the hash of these bytes, so that one name can never mean two contents."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, msgpack

from bot.dialogue.catalogue import LIMIT as CATALOGUE_LIMIT
from bot.dialogue.catalogue import SOURCE_LANGUAGE, catalogue_path
from bot.errors import Malformed
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import LIMIT as SOURCE_LIMIT

FILES = 2000  # flows
PACKED_LIMIT = 8_000_000  # bytes: half of what one MongoDB document may hold
LEVEL = 5  # of zlib: every worker packs when it starts, and the best takes thrice the time for a twentieth of the size
UNPACKED_LIMIT = 64_000_000  # bytes
VERSION_LENGTH = 12  # hex digits of the hash: a session names its versions, and stays small
FLOWS, EMERGENCY, LOCALES, MEDIA = "dialogs/flows/", "dialogs/emergency.yaml", "locales/", "dialogs/media/"
TEMPLATES = "dialogs/templates/"
PAGE = "language.yaml"  # how a language is written, beside its catalogue
ANSWERS = "answers.yaml"  # what its people type for options
MEDIA_FILES = 200
TEMPLATE_FILES = 250  # what WhatsApp lets an account have before it is verified


class Bundle(Struct, frozen=True):
    """``files``: contents by name, such as ``dialogs/flows/menu.yaml``. ``findings``: what could not be read."""

    files: dict[str, bytes]
    findings: tuple[Finding, ...] = ()

    @property
    def canonical(self) -> bytes:
        """The same bytes for the same files, whatever order they were read in."""
        return msgpack.encode([(name, self.files[name]) for name in sorted(self.files)])

    @property
    def version(self) -> str:
        return version_of(self.canonical)

    @property
    def languages(self) -> tuple[str, ...]:
        """The source's, and those of the catalogues."""
        found = (name.split("/")[1] for name in sorted(self.files) if name.startswith(LOCALES) and name.endswith(".po"))
        return (SOURCE_LANGUAGE, *found)


def version_of(canonical: bytes) -> str:
    return sha256(canonical).hexdigest()[:VERSION_LENGTH]


def read_bundle(dialogs: Path, locales: Path, *, languages: Sequence[str]) -> Bundle:
    """Read the files of two folders. Raises Unreadable when there are far too many."""
    paths = sorted((dialogs / "flows").rglob("*.yaml"))
    if len(paths) > FILES:
        raise Unreadable([Finding("files", "dialogs/flows", 1, 1, f"there are more than {FILES} flows", "remove some")])
    wanted = {f"dialogs/{path.relative_to(dialogs).as_posix()}": path for path in paths}
    wanted[EMERGENCY] = dialogs / "emergency.yaml"
    for path in sorted((dialogs / "templates").glob("*.yaml"))[:TEMPLATE_FILES]:
        wanted[TEMPLATES + path.name] = path
    for language in languages:
        if language != SOURCE_LANGUAGE:
            path = catalogue_path(locales, language)
            wanted[LOCALES + path.relative_to(locales).as_posix()] = path
        for beside in (PAGE, ANSWERS):
            if (page := locales / language / beside).is_file():
                wanted[f"{LOCALES}{language}/{beside}"] = page
    for path in sorted((dialogs / "media").glob("*"))[:MEDIA_FILES]:
        if path.is_file() and not path.name.startswith("."):
            wanted[MEDIA + path.name] = path
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name, path in wanted.items():
        catalogue = name.endswith(".po")
        try:
            with path.open("rb") as file:  # one byte more than is allowed tells that it is too large
                files[name] = file.read((CATALOGUE_LIMIT if catalogue else SOURCE_LIMIT) + 1)
        except OSError as error:
            what, remedy = ("catalogue", "extract it first") if catalogue else ("file", "check that it exists")
            message = f"the {what} cannot be read ({error.strerror})"
            findings.append(Finding("po" if catalogue else "file", name, 1, 1, message, remedy))
    return Bundle(files, tuple(findings))


def pack(bundle: Bundle) -> bytes:
    """Compressed, for the store. Raises Unreadable for content that is too large to be published."""
    canonical = bundle.canonical
    packed = zlib.compress(canonical, LEVEL)
    if len(canonical) > UNPACKED_LIMIT or len(packed) > PACKED_LIMIT:
        message = f"the content is too large to publish: {len(packed)} bytes packed, {PACKED_LIMIT} are allowed"
        raise Unreadable([Finding("files", "dialogs", 1, 1, message, "remove flows that nobody uses")])
    return packed


def unpack(packed: bytes, version: str) -> Bundle:
    """Back from the store. Raises Malformed when it is not, byte for byte, what ``version`` names."""
    unpacker = zlib.decompressobj()
    try:
        canonical = unpacker.decompress(packed, UNPACKED_LIMIT)
        if not unpacker.eof or version_of(canonical) != version:
            raise Malformed("The stored bundle is not the one that its version names.", code="bundle_mixed_up")
        return Bundle(dict(msgpack.decode(canonical, type=list[tuple[str, bytes]])))
    except (zlib.error, DecodeError, ValidationError) as error:
        raise Malformed("The stored bundle is unreadable.", code="bundle_unreadable") from error


def ref_of(data: bytes) -> str:
    """The reference under which a file's bytes are kept."""
    return f"sha256-{sha256(data).hexdigest()}"


def media_of(bundle: Bundle) -> Mapping[str, bytes]:
    """The files that flows send, by their names."""
    return {name.removeprefix(MEDIA): raw for name, raw in bundle.files.items() if name.startswith(MEDIA)}


def flows_of(bundle: Bundle) -> Mapping[str, bytes]:
    """The flow files by name, in the order of their names."""
    return {name: bundle.files[name] for name in sorted(bundle.files) if name.startswith(FLOWS)}


def templates_of(bundle: Bundle) -> Mapping[str, bytes]:
    """The templates of the official channel, in the order of their names."""
    return {name: bundle.files[name] for name in sorted(bundle.files) if name.startswith(TEMPLATES)}
