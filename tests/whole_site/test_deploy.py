"""What lies in deploy/ fits the code: commands, settings, limits, headers. That it works, make drill-deploy shows."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from activities.library import MAX_BYTES as RECORDING
from branches.models import AuditEntry
from homes.photos import MAX_BYTES as PHOTO
from volunteers.ordering import PHOTOS_MOST

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx/portal.conf").read_text()
TIMERS = {path.stem: path.read_text() for path in sorted((DEPLOY / "systemd").glob("*.timer"))}


def command_of(timer):
    return re.search(r"^Unit=portal-run@(.+)\.service$", timer, re.MULTILINE)[1].replace(r"\x20", " ")


TIMED = {command_of(timer) for timer in TIMERS.values()}


@pytest.mark.parametrize("command", sorted(TIMED))
def test_every_timer_runs_a_command_there_is(command):
    name, *arguments = command.split()
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    parser.parse_args(arguments)  # ends the test where it does not take them


def test_the_technician_reads_of_the_same_commands_as_timers_and_cron_run():
    told = re.findall(r"^\| `manage\.py ([a-z_ ]+)` \|", (ROOT / "docs/technician.md").read_text(), re.MULTILINE)
    by_cron = re.findall(r"manage\.py ([a-z_ ]+) 2>&1", (DEPLOY / "portal.cron").read_text())
    assert len(TIMED) > 10
    assert sorted(told) == sorted(by_cron) == sorted(TIMED)


def test_cron_runs_the_command_of_each_line(tmp_path):
    """As cron does: the rest of a line goes to /bin/sh as it stands."""
    lines = re.findall(
        r"^[\d*].* portal +(cd /srv/portal/current .*)$", (DEPLOY / "portal.cron").read_text(), re.MULTILINE
    )
    python, logger = tmp_path / "portal/current/.venv/bin/python", tmp_path / "bin/logger"
    for program, does in ((python, 'echo "$*"'), (logger, "cat")):
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
    ran = [
        subprocess.run(
            ["/bin/sh", "-c", line.replace("/srv", str(tmp_path))],
            env={"PATH": f"{logger.parent}:/usr/bin:/bin"}, capture_output=True, text=True, check=True,
        ).stdout.strip()
        for line in lines
    ]  # fmt: skip
    assert sorted(ran) == sorted(f"manage.py {command}" for command in TIMED)


@pytest.mark.parametrize("file", ["portal.env.example", "owner.env.example"])
def test_every_setting_of_a_deployment_is_documented(file):
    documented = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    named = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / file).read_text(), re.MULTILINE))
    assert named
    assert named - documented == set()


def test_nginx_lets_in_what_forms_take():
    most = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1]) * 1024 * 1024
    assert most > max(RECORDING, PHOTOS_MOST * PHOTO)
    assert most < 2 * max(RECORDING, PHOTOS_MOST * PHOTO)


def test_nginx_says_of_its_own_answers_what_the_portal_says(client):
    response = client.get("/healthz")
    for header in ("Permissions-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
                   "Cross-Origin-Opener-Policy"):  # fmt: skip
        name = header.lower().replace("-", "_")
        assert f"add_header {header} " in NGINX
        assert re.search(
            rf'^map \$upstream_http_{name} [^}}]*""\s+"?{re.escape(response[header])}"?;', NGINX, re.MULTILINE
        )


def test_the_portal_may_not_change_the_audit_trail():
    grants = (DEPLOY / "postgresql/grants.sql").read_text()
    table = AuditEntry._meta.db_table
    assert f"NOT IN ('{table}', 'django_migrations')" in grants
    assert set(re.findall(rf"GRANT (\w+) ON [^;]*\b{table}\b", grants)) == {"SELECT", "INSERT"}
