"""What a fresh clone relies on, and what must not be in it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# put together here, so that this file does not find itself
HOSTS = "|".join(("pypi" + r"\.", "python" + "hosted", "npm" + "js", "deb" + r"ian\.org"))
ADDRESSES = re.compile(
    "|".join(
        (
            rf"https?://[\w.-]*(?:{HOSTS})",
            r"--(?:extra-)?" + "index-url",
            r"--find" + "-links",
            '"' + 'resolved":',
            r"(?<![\w.])/" + r"(?:work|root)/",
        )
    )
)


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def lines_with_addresses(text):
    return [line.strip() for line in text.splitlines() if ADDRESSES.search(line)]


def test_no_registry_address_or_machine_path_is_tracked():
    found = {}
    for path in tracked():
        content = path.read_bytes() if path.is_file() else b""
        is_text = b"\0" not in content[:8000]
        if is_text and (lines := lines_with_addresses(content.decode())):
            found[str(path.relative_to(ROOT))] = lines
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "see https://files.python" + "hosted.org/x.whl",
        "--index" + "-url here",
        "cd /wo" + "rk/main",
        '"resol' + 'ved": "x"',
    ],
)
def test_an_address_would_be_found(text):
    assert lines_with_addresses(text) == [text]


def test_python_is_the_one_the_project_names():
    wanted = (ROOT / ".python-version").read_text().strip()
    assert PROJECT["project"]["requires-python"] == ">=3.12"
    assert tuple(map(int, wanted.split("."))) >= (3, 12)
    assert sys.version_info >= (3, 12)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", ".ci/requirements-audit.txt"])
def test_every_locked_package_has_a_hash(lock):
    entries = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text().split("\n", 2)[2])
    assert len(entries) > 10
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_hold_what_the_project_names():
    def names(entries):
        return {re.match(r"[\w.-]+", entry)[0].lower() for entry in entries}

    def locked(lock):
        return names(re.findall(r"^[a-zA-Z][^\n]*==", (ROOT / lock).read_text(), re.MULTILINE))

    run, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    assert names(PROJECT["project"]["dependencies"]) - run == set()
    assert names(PROJECT["dependency-groups"]["dev"]) - dev == set()
    assert run - dev == set()


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True, no_color=True)  # exits when one is missing
    assert capsys.readouterr().out.strip() == "No changes detected"


def test_every_static_file_that_is_named_exists(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)  # fails on a file named in a style sheet and missing
    assert (tmp_path / "staticfiles.json").exists()
