"""deploy/supply.py: what the portal is made of is told whole, and an audit that could not ask never says "nothing"."""

import hashlib
import json
import re
import stat
import tomllib

import pytest

from deploy.supply import LOCK, ROOT, VENDORED, audit, locked, sbom, vendored

DEPENDENCIES = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


def test_what_lies_in_the_repository_is_what_was_recorded():
    recorded = {path: digest for files in vendored().values() for path, digest in files.items()}
    there = {
        path.relative_to(VENDORED).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert len(there) > 10
    assert recorded == there
    assert all(re.search(r"-\d+\.\d+\.\d+$", folder) for folder in vendored())


def test_the_bill_names_every_package_and_who_wants_it():
    bill, lines = sbom(), LOCK.read_text().splitlines()
    named = {component["name"]: component for component in bill["components"]}
    assert {re.split("==", line)[0] for line in lines if re.match(r"\w.*==", line)} <= named.keys()
    assert {"leaflet", "govuk-frontend"} <= named.keys()
    assert len(named["leaflet"]["components"]) > 5
    assert all(part.get("hashes") or part.get("components") for part in bill["components"])
    assert named["django"]["purl"] == f"pkg:pypi/django@{named['django']['version']}"
    wants = {each["ref"]: set(each["dependsOn"]) for each in bill["dependencies"]}
    assert {re.match(r"[\w.-]+", each)[0] for each in DEPENDENCIES} <= wants["portal"]
    assert {"asgiref", "sqlparse"} <= wants["django"]
    wanted = set().union(*wants.values())
    assert wanted == {part["bom-ref"] for part in bill["components"]}
    assert sbom() == bill


@pytest.fixture
def asked(tmp_path, capsys):
    """`asked(answer, words)`: (how the audit ends, what it says) where pip-audit answers so."""

    def run(answer, words=""):
        program = tmp_path / "python"
        said = tmp_path / "answer.json"
        said.write_text(answer if isinstance(answer, str) else json.dumps({"dependencies": answer}))
        program.write_text(f'#!/bin/sh\ncat "{said}"\necho "{words}" >&2\n')
        program.chmod(stat.S_IRWXU)
        ended = audit(str(program))
        return ended, capsys.readouterr().out

    return run


def test_nothing_is_known_only_where_everything_was_asked_about(asked):
    harmless = [{"name": name, "version": "1", "vulns": []} for name in locked()]
    assert asked(harmless)[0] == 0
    assert "没有已知的漏洞" in asked(harmless)[1]
    ended, said = asked(harmless[1:])
    assert (ended, "没有已知的漏洞" in said, harmless[0]["name"] in said) == (2, False, True)
    skipped = [{"name": name, "skip_reason": "not found"} for name in locked()]  # what it says without a network
    ended, said = asked(skipped, "No known vulnerabilities found")
    assert (ended, "没有已知的漏洞" in said) == (2, False)
    ended, said = asked("", "ConnectionError: no such host")
    assert (ended, "问不到" in said, "no such host" in said) == (2, True, True)


def test_what_is_known_is_named_with_the_version_that_mends_it(asked):
    known = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["9.1"]}
    answers = [{"name": name, "version": "1", "vulns": [known] if name == "django" else []} for name in locked()]
    ended, said = asked(answers)
    assert ended == 1
    assert "django PYSEC-2026-1 CVE-2026-1：修好的版本（fixed in）9.1" in said


def test_the_audit_can_be_made_with_the_lock_alone():
    assert locked(ROOT / ".ci/requirements-audit.txt").keys() >= {"pip-audit", "cyclonedx-python-lib"}
