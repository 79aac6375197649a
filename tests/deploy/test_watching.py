"""Alerts and dashboards speak of figures that exist, and each alert tells a person what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.metrics import Metrics
from config.settings import ROOT

DEPLOY = ROOT / "deploy"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARDS = sorted((DEPLOY / "grafana/dashboards").glob("*.json"))
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


def figures() -> set[str]:
    return {family.name + end for family in Metrics().registry.collect() for end in SUFFIXES[family.type]}


def queries() -> list[str]:
    """Of all panels, as Prometheus gets them."""
    panels = [panel for path in DASHBOARDS for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]]
    return [target["expr"].replace("$__rate_interval", "5m") for panel in panels for target in panel["targets"]]


def promtool(*words: str) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    done = subprocess.run(["promtool", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_figure_that_is_asked_for_exists() -> None:
    assert len(DASHBOARDS) == 2
    asked = {name for text in [*queries(), *(rule["expr"] for rule in RULES)] for name in re.findall(r"procare_[a-z_]+", text)}
    assert asked - figures() == set()
    page = re.sub("docker volume rm .*", "", (ROOT / "docs/operations.md").read_text(encoding="utf-8"))
    documented = set(re.findall(r"procare_[a-z_]+", page))
    known = figures() | {family.name for family in Metrics().registry.collect()}
    assert documented - known == set()


def test_an_alert_for_what_happens_once_sees_the_first_time() -> None:
    """Prometheus counts no increase from nothing to 1."""
    there = Metrics().render().decode()
    asked = [re.search(r'increase\((procare_\w+(?:\{\w+="\w+"\})?)\[\w+\]\)\) > 0$', rule["expr"]) for rule in RULES]
    figures = [found[1] for found in asked if found]
    assert len(figures) >= 4
    assert [figure for figure in figures if f"\n{figure} 0.0\n" not in there] == []


def test_each_alert_has_its_entry_and_each_entry_its_alert() -> None:
    entries = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## )", RUNBOOK, re.MULTILINE | re.DOTALL))
    assert set(entries) == {rule["alert"] for rule in RULES}
    for rule in RULES:
        severity, entry = rule["labels"]["severity"], entries[rule["alert"]]
        assert severity in ("page", "warn")
        assert entry.startswith(f"*{severity}*: {rule['annotations']['summary']}.")
        assert "**Do:**" in entry
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
    for clock in ("6 hours", "72 hours", "without delay"):
        assert f"**{clock}**" in RUNBOOK


def test_every_role_is_scraped() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    roles = {name for name, one in compose.items() if one["image"] == "procare:latest" and "profiles" not in one}
    [job] = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert set(job["dns_sd_configs"][0]["names"]) == roles


def test_prometheus_takes_the_rules_and_every_panels_question(tmp_path: Path) -> None:
    promtool("check", "config", str(DEPLOY / "prometheus/prometheus.yml"))
    asked = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(queries())]
    panels = tmp_path / "panels.yml"
    panels.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": asked}]}), encoding="utf-8")
    promtool("check", "rules", str(panels))
    story = tmp_path / "story.yml"
    text = Path(__file__).with_name("watching_test.yml").read_text(encoding="utf-8")
    story.write_text(text.replace("RULES", str(DEPLOY / "prometheus/rules.yml")), encoding="utf-8")
    promtool("test", "rules", str(story))
