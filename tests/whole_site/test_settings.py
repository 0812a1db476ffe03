"""Every setting is documented, and a missing or wrong one explains itself."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.whole_site.production import PRODUCTION, ROOT, names_read, settings_with

READ_BY = (
    "config/environment.py", "config/settings.py", "config/gunicorn.py",
    "config/management/commands/show_demo_logins.py",
)  # fmt: skip


def test_env_example_documents_every_setting_and_no_other():
    read = {name for path in READ_BY for name in names_read((ROOT / path).read_text())}
    documented = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(read) > 15
    assert sorted(documented) == sorted(read)


def test_nothing_else_reads_the_environment():
    found = [
        str(path.relative_to(ROOT))
        for app in ("branches", "homes", "volunteers", "activities", "config")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|getenv", path.read_text())
    ]
    assert found == []


def test_production_is_strict_unless_told_otherwise(monkeypatch, tmp_path):
    settings = settings_with(monkeypatch, tmp_path)
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["portal.example.cn"]
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["STAFF_REQUIRE_MFA"]
    assert settings["SECURE_HSTS_SECONDS"] > 31_000_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEMO", "perhaps"),
        ("HTTPS", "ture"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("FIELD_KEYS", ""),
        ("FIELD_KEYS", "no-key-at-all"),
        ("FIELD_KEYS", "b25seS1mb3ItdGhpcy1jaGVjay0wMTIzNDU2Nzg5MDE=,"),
        ("INDEX_KEY", ""),
        ("BACKUP_KEYS", "no-key-at-all"),
        ("BACKUP_DAYS", "a month"),
        ("KEEP_LOGS_MONTHS", "5"),
        ("KEEP_MEMBERS_YEARS", "three"),
        ("ALLOWED_HOSTS", ""),
        ("DATA_DIR", "/dev/null/portal"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://portal@localhost/portal"),
        ("DATABASE_URL", "postgresql://portal@localhost:port/portal"),
        ("CACHE_URL", "memory"),
        ("SITE_ADDRESS", "jinqiu.example.cn"),
        ("LOG_FORMAT", "xml"),
        ("ALERT_WEBHOOK", "hooks.example.cn"),
        ("TRUSTED_PROXIES", "nginx"),
        ("TRUSTED_ADDRESSES", "the Wi-Fi"),
        ("SESSION_IDLE_MINUTES", "half an hour"),
        ("STAFF_REQUIRE_MFA", "perhaps"),
    ],
)
def test_a_missing_or_wrong_setting_is_named(monkeypatch, tmp_path, name, value):
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} [\s\S]*(\.env|make secret|make field-key)"):
        settings_with(monkeypatch, tmp_path, **{name: value})


def test_a_password_in_a_wrong_address_is_not_repeated(monkeypatch, tmp_path):
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_with(monkeypatch, tmp_path, DATABASE_URL="postgresql://portal:geheim@localhost:port/portal")
    assert "geheim" not in str(refused.value)


def manage(tmp_path, *arguments, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        env={"PATH": os.environ["PATH"], **PRODUCTION, "DATA_DIR": str(tmp_path), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_manage_explains_without_a_stack_trace(tmp_path):
    ran = manage(tmp_path, "check", SECRET_KEY="")
    assert ran.returncode != 0
    assert "SECRET_KEY is not set" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("changes", "identifier"),
    [
        ({"DEMO": "1", "HTTPS": "1", "STAFF_REQUIRE_MFA": "1"}, "config.E001"),
        ({"CACHE_URL": "locmemcache://"}, "config.E002"),
        ({"SITE_TELEPHONE": ""}, "config.W001"),
        ({"STAFF_REQUIRE_MFA": "0"}, "config.W002"),
        ({"TRUSTED_PROXIES": ""}, "config.W003"),
        ({"TRUSTED_PROXIES": "127.0.0.1,::/0"}, "config.E010"),
        ({"INDEX_KEY": "short"}, "config.E003"),
        ({"FIELD_KEYS": "ZGVtby1vbmx5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}, "config.E003"),
        ({"BACKUP_KEYS": "ZGVtby1iYWNrdXAtMDEyMzQ1Njc4OTAxMjM0NTY3ODk="}, "config.E003"),
        ({"BACKUP_KEYS": PRODUCTION["FIELD_KEYS"]}, "config.E009"),
        ({"SITE_ADDRESS": "http://portal.example.cn"}, "config.E004"),
        ({"ALLOWED_HOSTS": "portal.example.cn,.example.cn"}, "config.E005"),
        ({"OPEN_DATA_LICENCE": ""}, "config.W005"),
        ({"BACKUP_KEYS": ""}, "config.W009"),
        ({"PASSWORD_LENGTH": "6", "SESSION_HOURS": "48"}, "config.W011"),
        ({}, None),
    ],
)
def test_an_unsafe_production_does_not_pass_the_check(tmp_path, changes, identifier):
    ran = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **changes)
    assert re.findall(r"\((\w+\.\w+)\)", ran.stderr) == ([identifier] if identifier else [])
    assert (ran.returncode == 0) is (identifier is None)


@pytest.fixture
def tools(tmp_path):
    """A folder to be the PATH: what the Makefile's recipes call, and a Python that is too old."""
    for tool in ("make", "sh", "sed", "touch"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    too_old = tmp_path / "python3"
    too_old.write_text("#!/bin/sh\nexit 1\n")
    too_old.chmod(0o755)
    return tmp_path


def make_secret(path):
    return subprocess.run(
        ["make", "--no-print-directory", "secret"],
        cwd=ROOT, env={"PATH": str(path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_a_python_new_enough_make_says_what_to_do(tools):
    ran = make_secret(tools)
    said = [line for line in ran.stderr.splitlines() if not line.startswith("make")]
    assert ran.returncode != 0
    assert len(said) == 1
    assert "需要 Python 3.12" in said[0]
    assert "Python >= 3.12" in said[0]


@pytest.mark.parametrize("name", ["python3.13", "python3.12", "uv"])
def test_a_python_under_another_name_is_found(tools, name):
    (tools / "elsewhere").symlink_to(sys.executable)
    program = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    if name == "uv":
        program = f'#!/bin/sh\n[ "$1 $2" = "python find" ] && echo "{sys.executable}"\n'
    (tools / name).write_text(program)
    (tools / name).chmod(0o755)
    ran = make_secret(tools)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.strip()) >= 50
