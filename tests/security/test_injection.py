"""Words of people stay words: in headers, addresses, templates and files of ours. (Log lines: tests/privacy.)"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.adapters.media.folder import FolderBlobs
from bot.adapters.media.store import BlobMedia
from bot.dialogue.expression import BadExpression, compile_template
from bot.errors import BotError, Malformed
from bot.model.effects import Attached, Outbound
from bot.model.ids import EffectId, PersonId, person_of
from webhooks.evolution.client import EvolutionGateway
from webhooks.meta.client import MetaGateway

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
NASTY = 'a"\r\nX-Injected: yes\r\n\r\n../../%2e%2e/b?c#d'


async def test_no_word_of_anybody_becomes_a_header_or_another_path_of_a_call() -> None:
    """An instance's name and a file's name come from outside; both gateways are asked with hostile ones."""
    heads: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        while not any(sign in heads[-1] for sign in (b'"number"', b'"messaging_product":', b"PNG")):
            if not (more := await reader.read(4096)):
                break
            heads[-1] += more
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    def message(instance: str) -> Outbound:
        return Outbound(
            id=EffectId("in#0"), person=person_of("phone:919812345678"), instance=instance, integration="cloud",
            address="919812345678", kind="reply", text=NASTY, at=1.0, media=Attached("image", "ref", name=NASTY),
        )  # fmt: skip

    async def seen(_: str) -> None:
        return None

    async def files(_: str) -> bytes:
        return PNG

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server, asyncio.timeout(60):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with MetaGateway(url, "token", {NASTY: "1062"}, seen=seen, files=files) as meta:
            with pytest.raises(BotError):
                await meta.send(message(NASTY))
        async with EvolutionGateway(url, "key") as evolution:
            with pytest.raises(BotError):
                await evolution.send(message(NASTY))
    assert len(heads) == 3, "Meta's file, the words without the refused file, Evolution's message"
    for head in heads:
        lines = head.split(b"\r\n")
        assert not [line for line in lines if line.lower().startswith(b"x-injected")]
        assert b".." not in lines[0].replace(b"%2E", b".") or b"/../" not in lines[0]
        assert lines[0].count(b" ") == 2


def test_what_people_write_is_never_read_as_a_template() -> None:
    hostile = (
        "{{ 7 * 7 }}",
        "{% for x in range(9) %}x{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ self }}",
        "${7*7}",
        "%(x)s",
    )
    for text in hostile:
        for template in ("{{ name }}", "Dear {{ name }}!", "{% if name %}{{ name }}{% endif %}", "{{ name if name else 'x' }}"):
            assert text in compile_template(template)({"name": text})


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name.__init__.__globals__ }}", "{{ cycler.__init__ }}", "{{ lipsum() }}",
        "{{ name|attr('__class__') }}", "{{ namespace(x=1) }}",
        "{{ self.__init__ }} a", "{% import 'os' as os %}", "{{ x.format(y) }}",
        "{% include '/etc/passwd' %}", "{{ 'a' * 10**9 }}",
        "{% set x = 1 %}",  "{{ range(10**9) }}", "{{ x[0] }}",
        "{% for a in b %}{% endfor %}", "{% macro a() %}{% endmacro %}", "{{ '%s' % x }}", "{{ x ~ y }}", "{{ name | map('x') }}",
    ],
)  # fmt: skip
def test_no_template_of_an_author_reaches_into_python(template: str) -> None:
    with pytest.raises(BadExpression):
        compile_template(template)


async def test_no_name_of_a_file_or_person_leaves_the_store(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    store = BlobMedia(FolderBlobs(tmp_path / "media"))
    for ref in ("../secret", "sha256-../../secret", "/etc/passwd", "sha256-" + "%2e" * 21 + "0", "files/../../secret", "\x00"):
        with pytest.raises(Malformed):
            await store.get(ref)
    ref = await store.put(b"x", mime="image/png", person=PersonId("p" + "0" * 24), now=1.0, keep_seconds=10)
    assert await store.get(ref) == b"x"
    found = await asyncio.to_thread(lambda: list(tmp_path.rglob("*")))
    inside = [path for path in found if path.is_file() and path.name != "secret"]
    assert all(path.is_relative_to(tmp_path / "media") for path in inside)
