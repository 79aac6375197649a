"""The report as one HTML page, without anything from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import get_args

from bot.model.effects import NoticeClass
from bot.rehearsal.counts import Counts, Worst
from bot.rehearsal.figures import at, cap_hits
from bot.rehearsal.plots import bars, lines, number
from bot.rehearsal.report import Report, differences
from config.costs import Costs

STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid #ddd}
table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.15rem .7rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tr:nth-child(even){background:#f6f6f4}
figure{display:inline-block;margin:.6rem 1rem .6rem 0;max-width:100%}
figcaption{font-weight:600}svg{width:640px;max-width:100%;height:auto}
.bad{color:#a3200d;font-weight:600}.note{color:#666}
"""
FLOW_COLUMNS = ("entered", "ended", "left", "silent", "unclear", "laid aside", "agent late")
ROWS = 25
CLASSES: tuple[str, ...] = get_args(NoticeClass)
VERDICT_WORDS = {"send": "said", "merge": "with another", "at": "put off", "wait": "until they write", "drop": "dropped"}
VERDICTS = list(VERDICT_WORDS)


def page(reports: Sequence[Report], costs: Costs) -> str:
    """One report, or a comparison of two with each of them below."""
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>Rehearsal</title><style>{STYLE}</style>"]
    if len(reports) == 2:
        parts += _comparison(*reports)
    for report in reports:
        parts += _one(report, costs)
    return "".join(parts) + "</html>\n"


def _comparison(before: Report, after: Report) -> list[str]:
    rows = [
        (one.name, number(one.before), number(one.after), "new" if one.change is None else f"{one.change:+.1f} %")
        for one in differences(before, after)
    ]
    what = f"{before.name} ({before.version}) and {after.name} ({after.version})"
    table = _table(("", "before", "after", "change"), rows) if rows else "<p>No difference.</p>"
    return [f"<h1>The same people on {escape(what)}</h1>", table]


def _one(report: Report, costs: Costs) -> list[str]:
    counts, days = report.counts, report.days
    head = f"{report.people} people, {days} days, seed {report.seed}, dialogues {report.name} ({report.version})"
    spent = f"{report.cpu:.0f} s of processor time, {report.seconds:.0f} s by the clock"
    price = "" if costs.checked else f" Prices are not checked ({escape(costs.source)}, {costs.as_of})."
    return [
        f"<h1>Rehearsal: {escape(head)}</h1><p class=note>Made-up people; agents answer at once. {spent}.{price}</p>",
        _faults(counts),
        "<h2>In short</h2>", _table(("", "#"), [(name, f"{value:g}") for name, value in report.figures.items()]),
        "<h2>Notices</h2>",
        bars("Notices a person got in a day", _by_number(counts.under("notices of a day")), unit="person-days"),
        bars("Notices by class", _numbers(counts.under("notice"))),
        bars("Notices by the hour of the person's clock", _by_hour(counts)),
        _decisions(counts),
        _held(counts),
        "<h2>Days</h2>",
        lines("Messages", {name: _daily(counts, name, days) for name in ("in", "out")}),
        lines("Not asked for", {name: _daily(counts, name, days) for name in ("notices", "emergency texts", "withheld")}),
        "<h3>The worst days of a person</h3>", _worst(counts, "day"),
        "<h2>Emergencies</h2>", _emergencies(counts),
        "<h2>Flows</h2>", _flows(counts),
        "<h2>Dead ends</h2><p class=note>Not understood three times running.</p>", _worst(counts, "dead end"),
        "<h2>What was said most</h2><p class=note>Without names and numbers.</p>",
        _table(("#", "text"), [(f"{count}", text) for text, count in list(counts.texts.items())[:ROWS]]),
        "<h2>Agents</h2>", _table(("agent, intent, outcome", "#"), [(n, f"{c}") for n, c in counts.under("agent").items()]),
        "<h2>Personas</h2>", _personas(counts, days),
    ]  # fmt: skip


def _faults(counts: Counts) -> str:
    found = counts.under("fault")
    table = _table(("fault", "#"), [(what, f"{count}") for what, count in found.items()])
    return f"<h2 class=bad>Faults: these must not happen</h2>{table}" if found else ""


def _decisions(counts: Counts) -> str:
    """What the planner decided and why, by class; one that was put off is decided anew at its time."""
    every = counts.under("decision")
    sorts = [one for one in CLASSES if any(name.endswith(f"/{one}") for name in every)]
    ways = sorted({tuple(name.split("/")[:2]) for name in every}, key=lambda way: (VERDICTS.index(way[0]), way[1]))
    rows = [
        (VERDICT_WORDS[way[0]], way[1].replace("_", " "), *(f"{every.get('/'.join((*way, one)), 0)}" for one in sorts))
        for way in ways
    ]
    full = cap_hits(counts)
    rows.append(("no room that day", "all in all", *(f"{full.get(one, 0)}" for one in sorts)))
    return "<h3>Decisions of the planner</h3>" + _table(("decision", "reason", *(one.replace("_", " ") for one in sorts)), rows)


def _by_hour(counts: Counts) -> dict[str, float]:
    hours = [*counts.under("notice hour", "light").items(), *counts.under("notice hour", "other").items()]
    return {str(hour): float(sum(count for name, count in hours if name == str(hour))) for hour in range(24)} if hours else {}


def _held(counts: Counts) -> str:
    rows = [(f"withheld: {name}", f"{count}") for name, count in counts.under("withheld").items()]
    rows += [(f"withheld, by topic: {name}", f"{count}") for name, count in counts.under("withheld topic").items()]
    rows += [(f"not told: {name}", f"{count}") for name, count in counts.under("not told").items()]
    rows += [(f"said between 22:00 and 7:00: {name}", f"{count}") for name, count in counts.under("notice at night").items()]
    rows += [(f"outside the 24 hours: {name}", f"{count}") for name, count in counts.under("outside the window").items()]
    rows += [(f"question of a notice: {name}", f"{count}") for name, count in counts.under("notice question").items()]
    return _table(("reason and class", "#"), rows)


def _emergencies(counts: Counts) -> str:
    rows = [(name, f"{count}") for name, count in counts.under("emergency").items()]
    rows += [(f"taken for an emergency: {name}", f"{count}") for name, count in counts.under("taken for an emergency").items()]
    rows += [(f"alarm: {name}", f"{count}") for name, count in counts.under("alarm").items()]
    rows += [(f"case: {name}", f"{count}") for name, count in counts.under("case").items()]
    times = [
        (what, f"{len(seconds)}", *(f"{at(seconds, share) / 60:.1f}" for share in (0.5, 0.95, 1.0)))
        for what, seconds in sorted(counts.seconds.items())
    ]
    found = _table(("", "#"), rows) + _table(("minutes until", "#", "median", "95 %", "longest"), times)
    for sort, title in (("missed", "Emergencies that were not answered"), ("false alarm", "Other words taken for an emergency")):
        if counts.worst.get(sort):
            found += f"<h3>{title}</h3>{_worst(counts, sort)}"
    return found


def _flows(counts: Counts) -> str:
    every = counts.under("flow")
    names = sorted({name.partition("/")[0] for name in every}, key=lambda name: (-every.get(f"{name}/entered", 0), name))
    rows = [(name, *(f"{every.get(f'{name}/{column}', 0)}" for column in FLOW_COLUMNS)) for name in names]
    return _table(("flow", *FLOW_COLUMNS), rows)


def _personas(counts: Counts, days: int) -> str:
    names = sorted({name.partition("/")[0] for name in counts.under("persona")})
    rows = []
    for name in names:
        people = counts.get("persona", name, "people")
        each = (counts.get("persona", name, what) / max(1, people) / days for what in ("out", "notices"))
        rows.append((name, f"{people}", *(f"{value:.2f}" for value in each)))
    return _table(("persona", "people", "messages a day", "notices a day"), rows)


def _worst(counts: Counts, sort: str) -> str:
    seen: list[Worst] = counts.worst.get(sort, [])
    return _table(("what", "who", "when", ""), [(one.what, one.who, one.when, one.note) for one in seen[:ROWS]])


def _daily(counts: Counts, what: str, days: int) -> list[float]:
    return [float(counts.get("day", str(day), what)) for day in range(days)]


def _numbers(found: dict[str, int]) -> dict[str, float]:
    return {name: float(count) for name, count in found.items()}


def _by_number(found: dict[str, int]) -> dict[str, float]:
    return {name: float(found[name]) for name in sorted(found, key=int)}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines_of = [f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows]
    if not lines_of:
        return "<p class=note>Nothing.</p>"
    return f"<table><tr>{''.join(f'<th>{escape(name)}' for name in head)}</tr>{''.join(lines_of)}</table>"


def _cell(text: str) -> str:
    plain = text.replace(".", "", 1).replace("k", "").lstrip("-+")
    return f"<td{' class=n' if plain.isdigit() else ''}>{escape(text)}</td>"
