"""The arrow branches <- homes <- volunteers <- activities, and what may stand where."""

import ast
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
APPS = ("branches", "homes", "volunteers", "activities")  # each may import from those before it
FACES = {"views", "forms", "urls", "api", "feeds", "admin", "management"}  # what shows things may use the site's wiring
FORBIDDEN_NAMES = {"utils", "util", "core", "common", "helpers", "misc", "lib", "services"}
TOP_LEVEL = {
    *APPS, "config", "deploy", "docs", "locale", "static", "templates", "tests",
    "CHANGELOG.md", "Makefile", "README.md", "manage.py", "pyproject.toml",
    "requirements-dev.txt", "requirements.txt",
}  # fmt: skip


def imports(source, package=""):
    """The dotted names that a module imports, wherever in it; relative ones resolved from `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


def breaks_the_arrow(app, name):
    top = name.split(".")[0]
    return top == "tests" or (top in APPS and APPS.index(top) > APPS.index(app))


def modules(app):
    return [path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [Path(line) for line in listed.stdout.splitlines()]


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_from_those_on_its_left(app):
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(app)
        for name in imports(path.read_text(), ".".join(path.relative_to(ROOT).parts[:-1]))
        if breaks_the_arrow(app, name)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_models_and_verbs_never_import_the_wiring(app):
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(app)
        if not FACES & {part.removesuffix(".py").rsplit("_")[-1] for part in path.relative_to(ROOT).parts}
        for name in imports(path.read_text())
        if name.split(".")[0] == "config"
    ]
    assert found == []


def test_the_detector_sees_every_way_to_import():
    source = "import activities.signup\ndef f():\n    from homes import models\nfrom . import x\nfrom ..models import y"
    found = ["activities.signup", "branches.admin", "branches.models", "homes"]
    assert list(imports(source, "branches.admin")) == found
    assert breaks_the_arrow("branches", "homes")
    assert breaks_the_arrow("homes", "tests.cast")
    assert not breaks_the_arrow("volunteers", "homes.models")


def test_nothing_stands_beside_the_design_at_the_top():
    top = {path.parts[0] for path in tracked() if not path.parts[0].startswith(".")}
    assert top - TOP_LEVEL == set()


def test_no_module_is_called_after_nothing():
    python = [path for path in tracked() if path.suffix == ".py"]
    named = [str(path) for path in python if FORBIDDEN_NAMES & {path.stem, *path.parts[:-1]}]
    assert named == []


def test_the_site_itself_has_no_models():
    assert [model for model in apps.get_models() if model.__module__.startswith("config")] == []
