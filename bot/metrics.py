"""Every figure that the service shows at /metrics. One object, made in the composition root and passed on."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

disable_created_metrics()  # type: ignore[no-untyped-call]  # a time stamp beside each counter would double the page

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)


class Metrics:
    """Counters and histograms in a registry of their own, so that two services can run in one process (tests do)."""

    def __init__(self) -> None:
        self.registry = r = CollectorRegistry()
        self.webhooks = Counter("procare_webhooks", "Webhook requests by event and outcome", ["event", "outcome"], registry=r)
        self.ignored = Counter("procare_webhooks_ignored", "Known events that were not for us, by reason", ["reason"], registry=r)
        self.media = Counter("procare_media", "Files that came with a message: kept, or why not", ["outcome"], registry=r)
        self.postponed = Gauge("procare_webhooks_postponed", "Events answered before they were published", registry=r)
        self.identity = Counter(
            "procare_identity", "Identity guard: mismatch (sender read from the id), unverified, merged", ["outcome"], registry=r
        )
        self.flood = Counter(
            "procare_flood", "Messages beyond their limits: heard (of danger), shed, held (to come again)", ["outcome"],
            registry=r,
        )  # fmt: skip
        self.first_aid = Counter(
            "procare_first_aid", "Emergencies that the ingress answered itself: given, refused, unavailable (tried again)",
            ["outcome"], registry=r,
        )  # fmt: skip
        self.turns = Counter("procare_turns", "Turns by kind of input and outcome", ["kind", "outcome"], registry=r)
        self.stages = Histogram(
            "procare_stage_seconds", "Latency by stage: accept, wait, load, decide, commit, publish, journal, turn, send, reply",
            ["stage"], buckets=SECONDS, registry=r,
        )  # fmt: skip
        self.emergencies = Counter("procare_emergencies", "Messages answered by the emergency lane", ["category"], registry=r)
        self.retries = Counter("procare_retries", "Deliveries tried again", ["queue", "code"], registry=r)
        self.parked = Counter("procare_parked", "Deliveries set aside for a person", ["queue", "code"], registry=r)
        self.handled = Histogram(
            "procare_handled_seconds", "Time with one delivery, retries included; outcome: acked, parked, gave_back, not_settled",
            ["queue", "outcome"], buckets=SECONDS, registry=r,
        )  # fmt: skip
        self.queue_depth = Gauge("procare_queue_depth", "Messages that wait in a queue (sampled by the scheduler)", ["queue"],
                                 registry=r)  # fmt: skip
        self.queue_age = Gauge(
            "procare_queue_age_seconds", "Age of the oldest message that this process has in hand; nothing older waits behind it",
            ["queue"], registry=r,
        )  # fmt: skip
        self.queue_consumers = Gauge("procare_queue_consumers", "Consumers of a queue, in all processes", ["queue"], registry=r)
        self.queue_unattended = Gauge(
            "procare_queue_unattended_seconds", "For how long messages have waited in a queue that nobody consumes", ["queue"],
            registry=r,
        )  # fmt: skip
        self.parked_now = Gauge("procare_parked_now", "Messages that are parked now (counted up to 1,000)", registry=r)
        self.sends = Counter("procare_sends", "Outbound messages by outcome", ["kind", "outcome"], registry=r)
        self.unknown_outcomes = Counter(
            "procare_unknown_outcomes",
            "Sends whose outcome the gateway hid: found in its history, or repeated",
            ["result"],
            registry=r,
        )
        self.circuit = Gauge("procare_circuit_open", "1 while the circuit to an instance is open", ["instance"], registry=r)
        self.channel = Gauge(
            "procare_channel_open", "1 while the gateway says that an instance is open", ["instance"], registry=r
        )
        self.broken = Gauge(
            "procare_channel_broken", "1 while an instance was not open for too long: somebody must act", ["instance"], registry=r
        )
        self.missed = Counter(
            "procare_missed_messages",
            "Messages that only the gateway's history told us of: caught_up, shed, unreadable",
            ["outcome"],
            registry=r,
        )
        self.history_read = Gauge(
            "procare_history_read_time", "Until when (Unix time) an instance's history was compared", ["instance"], registry=r
        )
        self.watched = Counter(
            "procare_watched_deliveries",
            "Emergency notices that were delivered or undelivered; numbers that are silent, or receive again",
            ["outcome"],
            registry=r,
        )
        self.receipts = Counter("procare_receipts", "Delivery receipts", ["status"], registry=r)
        self.shut_out = Counter(
            "procare_shut_out",
            "Messages that the official channel did not let through because the person had not written: as_template, kept",
            ["kind", "outcome"], registry=r,
        )  # fmt: skip
        self.stood_aside = Counter(
            "procare_stood_aside", "Messages that fail alone: what waited behind them goes on", ["queue"], registry=r
        )
        self.undelivered = Counter(
            "procare_undelivered", "Messages that the gateway took and then failed, by the number of its reason",
            ["instance", "code"], registry=r,
        )  # fmt: skip
        self.agents = Histogram(
            "procare_agent_seconds", "Time of an agent for one intent", ["agent", "outcome"], buckets=SECONDS, registry=r
        )
        self.rebuilt = Counter("procare_sessions_rebuilt", "Sessions rebuilt from the journal", registry=r)
        self.journal_fallback = Counter(
            "procare_write_behind_fallback", "Batches that went to the bus, not the store", registry=r
        )
        self.dialogues = Counter(
            "procare_dialogues",
            "Published dialogues: read, taken as current, gone, refused",
            ["outcome"],
            registry=r,
        )
        self.llm_uses = Counter(
            "procare_llm_uses", "Uses of a language model by outcome; reason: the check that refused it",
            ["task", "outcome", "reason"], registry=r,
        )  # fmt: skip
        self.llm_seconds = Histogram("procare_llm_seconds", "Time of one use of a model", ["task"], buckets=SECONDS, registry=r)
        self.llm_cost = Counter("procare_llm_dollars", "What models cost, in US dollars", ["task", "model"], registry=r)
        self.channel_cost = Counter(
            "procare_channel_cost", "What messages on the official channel cost, in the currency of config/costs.yaml",
            ["instance", "category"], registry=r,
        )  # fmt: skip
        self.untranslated = Gauge(
            "procare_untranslated_texts", "Texts that a language lacks in what is current: said in another one",
            ["language", "risk"], registry=r,
        )  # fmt: skip
        self.fallback_texts = Counter(
            "procare_fallback_texts",
            "Texts said in another language than the person's, which lacks them",
            ["language"],
            registry=r,
        )
        self.flows = Counter(
            "procare_flows", "What became of dialogues: started, ended, left, silence, unclear", ["flow", "event"], registry=r
        )
        self.notices = Counter(
            "procare_notices", "What was decided about texts that nobody asked for, and why", ["verdict", "reason"], registry=r
        )
        self.cases_climbing = Gauge("procare_cases_climbing", "Emergency cases that nobody has taken yet", registry=r)
        self.cases_oldest = Gauge(
            "procare_cases_oldest_seconds", "For how long the oldest emergency case has waited to be taken", registry=r
        )
        self.cases_unreached = Gauge(
            "procare_cases_unreached", "Emergency cases of the last day in which nobody could be reached", registry=r
        )
        self.cases_overdue = Gauge(
            "procare_cases_overdue", "Emergency cases whose next step is a minute late: no monitor runs", registry=r
        )
        self.keys_left = Gauge(
            "procare_keys_left_seconds", "For how long the keys of what is stored are used without the master key", registry=r
        )
        self.key_token_left = Gauge(
            "procare_key_token_left", "Share of its life that the key service's token has left; 1: it has no end", registry=r
        )
        self.backup = Gauge("procare_backup_time", "When (Unix time) the newest backup was begun; 0: none is known", registry=r)
        self.disk_free = Gauge("procare_disk_free_share", "Share of the disk that is free where the data folder lies", registry=r)
        self.timers = Counter("procare_timers", "Timers fired or set again", ["outcome"], registry=r)

        # Prometheus sees no increase in a figure that begins at 1: what an alert asks for is there before it happens.
        for counter, outcome in ((self.first_aid, "given"), (self.watched, "undelivered"), (self.dialogues, "refused")):
            counter.labels(outcome)

    def said_otherwise(self, language: str) -> None:
        """Something was said in another language than the person's, which lacks it."""
        self.fallback_texts.labels(language).inc()

    def render(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self.registry)
