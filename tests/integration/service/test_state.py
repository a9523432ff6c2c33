"""Whatever people do in whatever order, the ledger tells it back, once, and the audit has every act."""

import itertools
import uuid

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

pytestmark = pytest.mark.integration
API = "/api/v1"
DAYS = st.sampled_from(["2999-01-01", "2999-02-01"])


class OneAccount(RuleBasedStateMachine):
    """Acts about an account that no run before has touched, and what should be there at the end."""

    def __init__(self, client, account, lead, admin):
        super().__init__()
        self.client, self.account, self.lead, self.admin = client, account, lead, admin
        self.n_acts, self.last = 0, None
        self.overrides, self.touches, self.snoozed = {}, {}, []

    def ask(self, method, path, body=None):
        self.last = {"method": method, "url": API + path, "json": body}
        self.last["headers"] = self.lead | {"Idempotency-Key": uuid.uuid4().hex}
        return self.send()

    def send(self):
        answer = self.client.request(**self.last)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def seen(self, path, **asked):
        params = {"account_id": self.account, "limit": 1000, **asked}
        return self.client.get(API + path, params=params, headers=self.admin).json()["rows"]

    @rule(value=st.sampled_from(["0.1", "0.9"]), until=DAYS)
    def override(self, value, until):
        said = {"field": "churn_probability", "value": value, "reason": "r", "until": until}
        told = self.ask("POST", "/overrides", {"account_id": self.account, **said})
        self.overrides[told["override_id"]] = value
        self.n_acts += 1

    @precondition(lambda self: self.overrides)
    @rule()
    def end_the_newest(self):
        """The word before it, if it was not ended, stands again."""
        newest = max(self.overrides)
        told = self.ask("DELETE", f"/overrides/{newest}")
        del self.overrides[newest]
        assert told["stands_now"] == (max(self.overrides) if self.overrides else None)
        self.n_acts += 1

    @rule(until=DAYS)
    def snooze(self, until):
        self.ask("POST", "/snoozes", {"account_id": self.account, "until": until})
        self.snoozed = [until]
        self.n_acts += 1

    @rule(channel=st.sampled_from(["call", "email"]), minutes=st.sampled_from([None, 10, 20]))
    def touch(self, channel, minutes):
        told = {"account_id": self.account, "day": "2026-01-05", "channel": channel, "minutes": minutes}
        kept = self.ask("POST", "/touches", [told])
        assert kept["n_new"] == (channel not in self.touches)
        self.touches[channel] = self.touches.get(channel) if minutes is None else minutes
        self.n_acts += kept["n_new"] + kept["n_completed"]

    @precondition(lambda self: self.last)
    @rule()
    def send_the_same_again(self):
        self.send()

    def teardown(self):
        stands = [self.overrides[max(self.overrides)]] if self.overrides else []
        assert [row["value"] for row in self.seen("/overrides")] == stands
        assert {row["channel"]: row["minutes"] for row in self.seen("/touches")} == self.touches
        assert [row["until"] for row in self.seen("/snoozes")] == self.snoozed
        assert len(self.seen("/audit")) == self.n_acts


def test_acts_in_any_order_and_sent_again_are_told_back_once_and_audited(running, desk):
    service = running(requests_per_second=1e6, look_seconds=10_000.0)
    service.app.state.service.keeper.look = lambda: None  # what is written is asked of the ledger
    who = service.sign_in("lea"), service.sign_in("ada")
    accounts = itertools.cycle(desk.accounts["account_id"])
    run_state_machine_as_test(
        lambda: OneAccount(service.client, next(accounts), *who), settings=settings(stateful_step_count=10)
    )
