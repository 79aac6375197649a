"""What can be said of the Kubernetes manifests without a cluster."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.registry import NAMES
from bot.app.engines import split_problem
from bot.metrics import Metrics
from config.settings import ROOT, read_settings
from tests.deploy.secured import accounts

FOLDER = ROOT / "deploy/kubernetes"
OBJECTS: list[dict[str, Any]] = [
    one for path in sorted(FOLDER.glob("*.yaml")) for one in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
DEPLOYMENTS = {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in OBJECTS if one["kind"] == "Deployment"}
JOBS = {
    one["metadata"]["name"]: one["spec"]["jobTemplate"]["spec"]["template"]["spec"] for one in OBJECTS if one["kind"] == "CronJob"
}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"]


def of(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in OBJECTS if one["kind"] == kind}


def test_every_role_runs_with_the_account_that_compose_gives_it() -> None:
    assert len(DEPLOYMENTS) == 4 + len(NAMES)
    for name, pod in DEPLOYMENTS.items():
        [container] = pod["containers"]
        assert container["args"] == COMPOSE[name]["command"]
        [account] = [one["secret"]["secretName"] for one in pod["volumes"] if one["name"] == "account"]
        [source] = [one["source"] for one in COMPOSE[name]["secrets"] if isinstance(one, dict) and one["target"] == "redis_url"]
        assert account.removeprefix("procare-") == source.removesuffix("_redis_url")


def test_no_container_has_rights_or_a_file_system_that_it_can_write() -> None:
    for pod in (*DEPLOYMENTS.values(), *JOBS.values()):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        [container] = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert "memory" in container["resources"]["limits"]
    for name, pod in DEPLOYMENTS.items():
        assert pod["terminationGracePeriodSeconds"] >= 40
        [container] = pod["containers"]
        assert container["livenessProbe"]["httpGet"]["path"] == container["startupProbe"]["httpGet"]["path"] == "/healthz"
        # What people write must reach the ingress while an engine is away: danger is answered there.
        assert container["readinessProbe"]["httpGet"]["path"] == ("/healthz" if name == "ingress" else "/readyz")
    [namespace] = of("Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_backups_are_made_and_tidied_with_an_account_that_has_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    accounts().write(tmp_path, {"rabbitmq": "r:1", "redis": "s:2", "mongo": "m:3"})
    monkeypatch.setenv("PROCARE_HOST", "0.0.0.0")  # as the image sets it
    monkeypatch.delenv("PROCARE_MASTER_KEY", raising=False)
    assert {name: pod["containers"][0]["args"] for name, pod in JOBS.items()} == {
        "backup": ["backup", "run"], "backup-tidy": ["backup", "tidy"],
    }  # fmt: skip
    for pod in JOBS.values():
        [container] = pod["containers"]
        assert [one["secret"]["secretName"] for one in pod["volumes"] if "secret" in one] == ["procare-backup"]
        for one in container["env"]:
            file = Path(one["value"]).name if one["name"].endswith("_FILE") else ""
            own = file if file == "restic_password" else f"backup_{file}"
            assert not file or (tmp_path / own).is_file()
            monkeypatch.setenv(one["name"], str(tmp_path / own) if file else one["value"])
        settings = read_settings()
        assert settings.master_key_file is None
    assert settings.mongodb_url is not None
    assert "//backup:" in settings.mongodb_url.get_secret_value()


def test_workers_scale_on_the_age_of_a_queue_and_what_must_go_on_is_never_taken_away_whole() -> None:
    [scaled] = of("ScaledObject").values()
    [trigger] = scaled["spec"]["triggers"]
    [asked] = re.findall(r"procare_[a-z_]+", trigger["metadata"]["query"])
    assert asked in {family.name for family in Metrics().registry.collect()}
    assert scaled["spec"]["scaleTargetRef"]["name"] == "worker"
    assert scaled["spec"]["maxReplicaCount"] <= read_settings().partitions
    several = {one["metadata"]["name"] for one in OBJECTS if one["kind"] == "Deployment" and one["spec"].get("replicas", 2) > 1}
    assert set(of("PodDisruptionBudget")) == several == {"ingress", "worker", "sender", "clinical-monitor"}
    for budget in of("PodDisruptionBudget").values():
        assert budget["spec"]["minAvailable"] == 1


def test_the_settings_take_what_the_pods_are_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    accounts().write(tmp_path, {"rabbitmq": "r:1", "redis": "s:2", "mongo": "m:3"})
    monkeypatch.setenv("PROCARE_HOST", "0.0.0.0")
    monkeypatch.delenv("PROCARE_MASTER_KEY", raising=False)
    for name, value in of("ConfigMap")["procare"]["data"].items():
        path = Path(value)
        own = f"worker_{path.name}" if path.parent.name == "account" else path.name
        monkeypatch.setenv(name, str(tmp_path / own) if name.endswith("_FILE") else value)
    assert split_problem(read_settings(), "ingress") is None


def test_kubernetes_schemas_take_the_manifests() -> None:
    if importlib.util.find_spec("kubernetes_validate") is None:
        pytest.skip("kubernetes-validate is not installed (pip install '.[dev]')")
    schemas = importlib.import_module("kubernetes_validate")
    for one in OBJECTS:
        if one["kind"] != "ScaledObject":  # KEDA's own
            schemas.validate(one, "1.33", strict=True)
