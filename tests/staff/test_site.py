"""Who gets in, what they then may, and what stands in the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from msgspec.json import decode
from msgspec.structs import replace

from bot.audit.chain import Note
from bot.errors import StoreUnavailable
from bot.model.ids import EffectId, member_of, person_of
from bot.ports.bus import Envelope
from bot.ports.store import Reading
from tests.bus.engines import PLAIN, clean, open_bus
from tests.staff.site import RULES, Site, open_site

pytestmark = pytest.mark.anyio
ANNA = person_of("phone:919800000001")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


async def test_the_way_in_wants_all_three_and_takes_each_code_once(site: Site) -> None:
    await site.employ("asha", "clinician")
    async with site.browser() as browser:
        assert await browser.get("/staff/") == (303, "/staff/sign-in")
        for wrong in ({"password": "correct horse batter"}, {"code": "000000"}, {"login": "nobody"}, {"login": "../etc"}):
            status, text = await site.sign_in(browser, "asha", **wrong)
            assert status == 401
            assert "That did not work" in text
        assert await site.sign_in(browser, "asha") == (303, "/staff/")
        status, text = await browser.get("/staff/")
        assert status == 200
        assert "clinician" in text
    async with site.browser() as second:
        assert (await site.sign_in(second, "asha"))[0] == 401  # the code was used
        site.now += 31
        assert await site.sign_in(second, "asha") == (303, "/staff/")
    assert ("staff asha", "signed in", "") in await site.noted()


async def test_an_account_rests_after_failures_even_when_many_try_at_once(site: Site) -> None:
    await site.employ("asha", "clinician")
    tries = RULES.sign_in.tries
    done = await asyncio.gather(
        *(site.accounts.sign_in("asha", f"guess {n}", site.code("asha"), site.now) for n in range(tries + 3))
    )
    assert not any(done)
    found = await site.accounts.find("asha")
    assert found is not None
    assert found.failures == tries
    async with site.browser() as browser:
        assert (await site.sign_in(browser, "asha"))[0] == 401
        site.now += RULES.sign_in.rest_seconds + 1
        assert await site.sign_in(browser, "asha") == (303, "/staff/")


async def test_one_process_judges_only_so_many_attempts_a_minute(site: Site) -> None:
    async with site.browser() as browser:
        await browser.get("/staff/sign-in")
        answers = [
            (await browser.post("/staff/sign-in", {"login": "nobody", "password": "x", "code": "1"}))[0]
            for _ in range(RULES.sign_in.attempts_per_minute + 2)
        ]
    assert answers == [401] * RULES.sign_in.attempts_per_minute + [429] * 2


async def test_a_session_ends_when_idle_when_old_when_signed_out_and_when_the_account_is_closed(site: Site) -> None:
    await site.employ("asha", "clinician")
    rules = RULES.sign_in

    async def inside(browser) -> bool:  # type: ignore[no-untyped-def]
        return bool((await browser.get("/staff/"))[0] == 200)

    async with site.browser() as browser, site.browser() as copied:
        await site.sign_in(browser, "asha")
        site.now += rules.idle_seconds + 1
        assert not await inside(browser)
        await site.sign_in(browser, "asha")
        for _ in range(int(rules.whole_seconds // (rules.idle_seconds - 60))):
            site.now += rules.idle_seconds - 60
            assert await inside(browser)
        site.now += rules.idle_seconds - 60
        assert not await inside(browser)
        await site.sign_in(browser, "asha")
        copied.session.cookie_jar.update_cookies(browser.session.cookie_jar.filter_cookies(site.url), site.url)
        assert await inside(copied)
        await inside(browser)
        site.now += 1
        assert await browser.post("/staff/sign-out", {}) == (303, "/staff/sign-in")
        assert not await inside(copied)
        site.now += 31
        await site.sign_in(browser, "asha")
        assert await inside(browser)
        await site.accounts.change("asha", lambda one: replace(one, state="closed"))
        assert not await inside(browser)


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("content", {"content"}),
        ("translator", {"content"}),
        ("clinician", {"people", "cases"}),
        ("coordinator", {"people", "cases", "bookings"}),
        ("operator", {"content", "parked", "accounts"}),
        ("auditor", {"audit", "accounts"}),
    ],
)
async def test_each_role_sees_its_pages_and_no_others(role: str, pages: set[str]) -> None:
    async with open_site(bus=_Empty()) as site, site.browser() as browser:  # type: ignore[arg-type]
        await site.employ("asha", role)
        await site.sign_in(browser, "asha")
        _, home = await browser.get("/staff/")
        for page in ("people", "cases", "bookings", "parked", "content", "accounts", "audit"):
            status, _text = await browser.get(f"/staff/{page}")
            assert status == (200 if page in pages else 403), page
            assert (f'href="/staff/{page}"' in home) == (page in pages)
        posts = {"people": "people", "parked/1/drop": "parked", "parked/1/replay": "parked"}
        for path, page in posts.items():
            status, _ = await browser.post(f"/staff/{path}", {})
            assert (status == 403) == (page not in pages), path


class _Empty:
    """A bus on which nothing is parked."""

    async def parked(self, limit: int) -> list[object]:
        return []

    async def drop(self, id_: str) -> bool:
        return False

    replay = drop


async def test_a_record_is_shown_only_after_the_look_was_noted_and_with_a_reason(site: Site) -> None:
    await site.agreed(ANNA, "care_messages", "share_with_clinic")
    await site.store.add_reading(Reading(EffectId("r1"), ANNA, "glucose", 182.0, site.now, "fasting", grade="high"))
    await site.employ("asha", "clinician")
    async with site.browser() as browser:
        await site.sign_in(browser, "asha")
        await browser.get("/staff/people")
        for wrong in (
            {"who": "+9198", "reason": "care"},
            {"who": "+91 98000 00001", "reason": "curiosity"},
            {"who": "p<script>"},
        ):
            status, text = await browser.post("/staff/people", wrong)
            assert status == 400
            assert "182.0" not in text
        assert not [one for one in await site.noted() if one[1] == "looked at a record"]
        status, text = await browser.post("/staff/people", {"who": "+91 98000 00001", "reason": "care"})
        assert status == 200
        assert "182.0" in text
        assert "919800000001" not in text
        assert ("staff asha", "looked at a record", ANNA) in await site.noted()
        status, text = await browser.post("/staff/people", {"who": ANNA, "reason": "care"}, Accept="application/json")
        assert decode(text)["readings"][0]["value"] == 182.0
        site.store.audit.enter = _away
        assert (await browser.post("/staff/people", {"who": ANNA, "reason": "care"}))[0] == 503


async def test_what_the_patient_has_not_allowed_their_clinic_sees_only_for_the_patients_own_wish(site: Site) -> None:
    mother = member_of(ANNA, "1")
    for person in (ANNA, mother):
        await site.store.add_reading(Reading(EffectId(f"r{person}"), person, "glucose", 182.0, site.now, "fasting", grade="high"))
    await site.employ("asha", "clinician")
    async with site.browser() as browser:
        await site.sign_in(browser, "asha")
        await browser.get("/staff/people")

        async def looks(who: str, reason: str) -> int:
            status, text = await browser.post("/staff/people", {"who": who, "reason": reason})
            assert ("182.0" in text) == (status == 200)
            return status

        for person in (ANNA, mother):
            await site.agreed(ANNA, "care_messages", "share_with_clinic")
            assert await looks(person, "care") == 200
            await site.agreed(ANNA, "care_messages")
            assert [await looks(person, reason) for reason in ("care", "quality")] == [403, 403]
            await site.agreed(ANNA, "share_with_clinic", version="an earlier text")
            assert await looks(person, "care") == 403
            assert [await looks(person, reason) for reason in ("asked_by_patient", "correction", "complaint")] == [200] * 3
            assert ("staff asha", "was refused a record", person) in await site.noted()
        assert await looks(person_of("phone:919800000009"), "care") == 403, "nothing is known of them"


async def test_one_account_looks_at_so_many_records_an_hour_and_no_more(site: Site) -> None:
    await site.employ("asha", "clinician")
    await site.employ("ravi", "clinician")
    async with site.browser() as browser, site.browser() as other:
        await site.sign_in(browser, "asha")
        await browser.get("/staff/people")
        asked = {"who": ANNA, "reason": "complaint"}
        answers = [(await browser.post("/staff/people", asked))[0] for _ in range(RULES.looks.an_hour + 2)]
        assert answers == [200] * RULES.looks.an_hour + [429] * 2
        assert len([one for one in await site.noted() if one[1] == "looked at a record"]) == RULES.looks.an_hour
        await site.sign_in(other, "ravi")
        await other.get("/staff/people")
        assert (await other.post("/staff/people", asked))[0] == 200


async def _away(note: object) -> None:
    raise StoreUnavailable


async def test_no_other_page_can_send_a_form_for_the_one_who_is_signed_in(site: Site) -> None:
    await site.employ("asha", "clinician")
    async with site.browser() as browser, site.browser() as other:
        await site.sign_in(browser, "asha")
        await browser.get("/staff/people")
        asked = {"who": ANNA, "reason": "complaint"}
        assert (await browser.post("/staff/people", {**asked, "form": "0" * 64}))[0] == 403
        assert (await browser.post("/staff/people", asked, Origin="https://evil.example"))[0] == 403
        assert (await browser.post("/staff/people", asked, Origin=str(site.url.origin())))[0] == 200
        assert (await other.post("/staff/sign-in", {"login": "asha", "password": "x", "code": "1"}))[0] == 403


async def test_browsers_are_told_to_run_load_frame_and_keep_nothing(site: Site) -> None:
    async with site.browser() as browser:
        for path in ("/staff/sign-in", "/staff/staff.css"):
            async with browser.session.get(site.url.joinpath(path[1:])) as response:
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert "script-src" not in policy
                assert response.headers["Cache-Control"] == "no-store"
                assert "Server" not in response.headers
                assert "<script" not in await response.text()
        async with browser.session.get(site.url.joinpath("staff/sign-in")) as response:
            cookie = response.headers["Set-Cookie"]
        assert all(word in cookie for word in ("__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


async def test_the_audit_page_checks_every_seal(site: Site) -> None:
    await site.employ("asha", "auditor")
    async with site.browser() as browser:
        await site.sign_in(browser, "asha")
        assert "all as they were sealed" in (await browser.get("/staff/audit"))[1]
        entries = site.store.audit._audit._entries
        taken = entries.pop()
        _status, text = await browser.get("/staff/audit", Accept="application/json")
        assert decode(text)["broken"] == {"number": taken.number, "how": "missing"}
        entries.append(replace(taken, note=Note(1.0, "staff eve", "nothing")))
        _status, text = await browser.get("/staff/audit", Accept="application/json")
        assert decode(text)["broken"] == {"number": taken.number, "how": "changed"}


async def test_an_operator_puts_back_and_drops_what_is_parked(embedded_url: str) -> None:
    prefix = "test-staff"
    async with open_bus(embedded_url, prefix) as bus:
        await bus.declare([PLAIN])
        for number in range(2):
            await bus.publish(PLAIN.name, Envelope(f"m{number}", "p1", b"secret words", 1.0))
            async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
                await subscription.park(await subscription.get(), "Malformed", "no form")
        async with open_site(bus=bus) as site, site.browser() as browser:
            await site.employ("asha", "operator")
            await site.sign_in(browser, "asha")
            _status, text = await browser.get("/staff/parked", Accept="application/json")
            found = decode(text)["parked"]
            assert len(found) == 2
            assert "secret words" not in text
            await browser.get("/staff/parked")
            for one, what in zip(found, ("replay", "drop"), strict=True):
                assert await browser.post(f"/staff/parked/{one['id']}/{what}", {}) == (303, "/staff/parked")
                assert (await browser.post(f"/staff/parked/{one['id']}/{what}", {}))[0] == 404
            assert not await bus.parked()
            did = [what for _, what, _ in await site.noted()]
            assert did[-8:] == [
                "is about to put back a parked message", "put back a parked message",
                "is about to put back a parked message", "found no such parked message",
                "is about to drop a parked message", "dropped a parked message",
                "is about to drop a parked message", "found no such parked message",
            ]  # fmt: skip
    await clean(embedded_url, prefix)
