"""The settings of a production, as config/settings.py works them out of an environment."""

import ast
import os
import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "ENV_FILE": os.devnull,
    "DEMO": "0",
    "SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
    "ALLOWED_HOSTS": "portal.example.cn",
    "SITE_TELEPHONE": "0731-0000 0000",
    "TRUSTED_PROXIES": "127.0.0.1",
    "FIELD_KEYS": "b25seS1mb3ItdGhpcy1jaGVjay0wMTIzNDU2Nzg5MDE=",
    "INDEX_KEY": "only-for-this-test-0123456789-0123456789",
    "OPEN_DATA_LICENCE": "decided",
    "BACKUP_KEYS": "YmFja3Vwcy1mb3ItdGhpcy1jaGVjay0wMTIzNDU2Nzg=",
}


def names_read(source):
    """The environment variables that a module reads: capitals given to env.*(), required(), typed() or switch()."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        reader = node.func
        is_env = isinstance(reader, ast.Attribute) and isinstance(reader.value, ast.Name) and reader.value.id == "env"
        if is_env or (isinstance(reader, ast.Name) and reader.id in {"required", "typed", "switch"}):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and re.fullmatch(r"[A-Z][A-Z_]+", str(argument.value)):
                    yield argument.value


def settings_with(monkeypatch, tmp_path, **changes):
    """config/settings.py run anew with this environment."""
    for name in set(names_read((ROOT / "config/settings.py").read_text())):
        monkeypatch.delenv(name, raising=False)
    for name, value in (PRODUCTION | {"DATA_DIR": str(tmp_path)} | changes).items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config/settings.py"))
