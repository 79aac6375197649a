"""An account through failures, rests, codes and sessions; its seal; its permissions. All pure."""

from __future__ import annotations

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError, Malformed
from bot.staff.account import Account, account_of, document_of, entered, signed_out, tried
from bot.staff.codes import new_secret, step_of
from bot.staff.tickets import Seal, Ticket
from config.staff import load_staff_rules

RULES = load_staff_rules()
NOW = 1_790_000_000.0
ASHA = Account("asha", ("clinician",), NOW, password="x", secret=new_secret())
SEAL = Seal(b"k" * 32)


def test_an_account_rests_after_so_many_failures_and_a_good_attempt_forgets_them() -> None:
    account = ASHA
    for _ in range(RULES.sign_in.tries):
        assert not account.rests(NOW)
        account = tried(account, NOW, RULES.sign_in)
    assert account.rests(NOW)
    assert account.rests(NOW + RULES.sign_in.rest_seconds - 1)
    assert not account.rests(NOW + RULES.sign_in.rest_seconds)
    good = entered(account, 7)
    assert (good.failures, good.rests(NOW), good.code_step) == (0, False, 7)


def test_an_account_is_stored_and_read_as_it_was() -> None:
    account = signed_out(tried(ASHA, NOW, RULES.sign_in), NOW + 5)
    document = document_of(account)
    assert account_of(document) == account
    assert document.state == "open"
    assert "login" not in document.data
    broken = document.__class__(document.kind, document.id, document.person, document.at, data={"roles": 5})
    with pytest.raises(Malformed):
        account_of(broken)


def test_a_code_is_good_for_its_step_and_its_neighbours_and_only_once() -> None:
    generator, here = pyotp.TOTP(ASHA.secret), int(NOW // 30)
    for away, good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = step_of(ASHA.secret, generator.generate_otp(here + away), NOW, aside=1, after=0)
        assert found == (here + away if good else None), away
    code = generator.generate_otp(here)
    assert step_of(ASHA.secret, f" {code[:3]} {code[3:]} ", NOW, aside=1, after=here - 1) == here
    assert step_of(ASHA.secret, code, NOW, aside=1, after=here) is None
    assert step_of(ASHA.secret, "", NOW, aside=1, after=0) is None


@given(st.text(max_size=200))
def test_nothing_that_we_did_not_seal_is_a_ticket(text: str) -> None:
    assert SEAL.opened("staff", text, Ticket) is None
    assert not SEAL.is_form("nonce", text)


def test_a_ticket_is_opened_by_its_key_for_its_use_and_unchanged_only() -> None:
    ticket = Ticket("asha", NOW, NOW, "nonce")
    sealed = SEAL.sealed("staff", ticket)
    assert SEAL.opened("staff", sealed, Ticket) == ticket
    assert SEAL.opened("before", sealed, Ticket) is None
    assert Seal(b"o" * 32).opened("staff", sealed, Ticket) is None
    body, _, seal = sealed.rpartition(".")
    assert SEAL.opened("staff", f"{body[:-4]}AAAA.{seal}", Ticket) is None
    assert SEAL.is_form("nonce", SEAL.form("nonce"))
    assert not SEAL.is_form("other", SEAL.form("nonce"))


def test_roles_give_what_the_file_says_and_unknown_ones_nothing(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert RULES.permissions(["auditor"]) == {"audit", "accounts"}
    assert "people" not in RULES.permissions(["operator", "content", "auditor", "translator"])
    assert RULES.permissions(["root"]) == frozenset()
    (tmp_path / "staff.yaml").write_text("roles: {clinician: [everything]}")
    with pytest.raises(ConfigError, match=r"staff\.yaml:1:\d+: .*roles"):
        load_staff_rules(tmp_path / "staff.yaml")
