"""Every template: nothing inline, every include there, one voice. Every text colour: readable by old eyes."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist, engines

from config.stylesheets import SHEETS

TEMPLATES = Path(settings.BASE_DIR, "templates")
STYLES = Path(settings.BASE_DIR, "static", "css")
FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
INLINE = re.compile(
    r"""<style\b                      # a style sheet in the page
      | <script\b(?![^>]*\bsrc=)      # a script in the page
      | <[a-z][^>]*\s(style|on[a-z]+)\s*=   # an attribute that is one
      | javascript:""",
    re.VERBOSE | re.IGNORECASE,
)
NAMED = re.compile(r"""{% (?:include|extends) ["']([^"']+)["']""")
KIND = re.compile(r"""{% include ["'](components/[a-z_]+\.html)["'] with [^%]*\bkind=["']([a-z]+)["']""")
SCRIPT = re.compile(r"""<script [^>]*'js/([a-z-]+\.js)'""")
ELSEWHERE = re.compile(r"""(?:src|srcset|action|poster|data)=["'](?:https?:)?//|<link[^>]*href=["'](?:https?:)?//""")


def test_there_are_templates():
    assert "base.html" in FILES


@pytest.mark.parametrize(
    "markup", ["<p style='x'>", "<a onclick=x()>", "<script>x()</script>", "<style>", "<b\n onload='x'"]
)
def test_inline_code_is_recognised(markup):
    assert INLINE.search(markup)


def found(pattern):
    """{file: what of it the pattern finds}, of all templates."""
    read = {file: pattern.findall((TEMPLATES / file).read_text()) for file in FILES}
    return {file: pieces for file, pieces in read.items() if pieces}


def test_nothing_inline_and_nothing_from_elsewhere():
    assert found(INLINE) == {}
    assert found(ELSEWHERE) == {}


def test_every_include_exists():
    named = {name for names in found(NAMED).values() for name in names}
    assert len(named) > 100
    assert all(engines["django"].engine.get_template(name) for name in named)


def test_a_missing_include_is_found():
    (name,) = NAMED.findall('{% include "components/nowhere.html" with a=1 only %}')
    with pytest.raises(TemplateDoesNotExist):
        engines["django"].engine.get_template(name)


def test_every_kind_is_one_that_the_component_knows():
    """What the first line of a component does not name, it shows as its default."""
    kinds = found(KIND)
    assert kinds
    for file, pieces in kinds.items():
        for component, kind in pieces:
            told = (TEMPLATES / component).read_text().partition("#}")[0]
            assert re.search(rf"\b{kind}\b", told), (file, component, kind)


def _luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast of two #rrggbb colours, 1 to 21, as WCAG has it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _tokens(selector):
    block = re.search(
        rf"^{re.escape(selector)} \{{(.*?)^\}}", (STYLES / "tokens.css").read_text(), re.DOTALL | re.MULTILINE
    )
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block[1]))


NORMAL = _tokens(":root")
HIGH = NORMAL | _tokens(':root[data-contrast="high"]')
HUES = ("red", "green", "blue", "amber")
PAIRS = [
    *((text, ground) for text in ("ink", "ink-2", "link", *HUES) for ground in ("paper", "card")),
    *((hue, f"{hue}-tint") for hue in HUES),
    *((text, "sand") for text in ("ink", "ink-2", "link")),
    ("ink-2", "ink-tint"),
    *(("on-roof", ground) for ground in ("roof", "roof-deep")),
    ("on-ground", "ground"),
    *(("on-button", face) for face in ("go", "act")),
    ("on-quiet", "quiet"),
    ("focus-ink", "focus"),
]


def test_contrast_is_measured():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [NORMAL, HIGH], ids=["normal", "high"])
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=["-on-".join(pair) for pair in PAIRS])
def test_text_has_seven_to_one(theme, text, ground):
    assert contrast(theme[text], theme[ground]) >= 7


@pytest.mark.parametrize("theme", [NORMAL, HIGH], ids=["normal", "high"])
@pytest.mark.parametrize(
    ("edge", "ground"), [("edge", "paper"), ("edge", "card"), ("focus-ring", "paper"), ("focus-ring", "card")]
)
def test_edges_can_be_seen(theme, edge, ground):
    assert contrast(theme[edge], theme[ground]) >= 3


@pytest.mark.parametrize("sheet", sorted(path.name for path in STYLES.glob("*.css")))
def test_text_grows_with_the_root_and_nothing_is_imported(sheet):
    """Sizes of text in px would not follow 文字大小; @import would be another round trip."""
    source = (STYLES / sheet).read_text()
    assert (
        re.findall(r"font(?:-size)?:[^;]*\dpx(?!.*svg)", source.replace("22px", "")) == []
    )  # 22: units of the map's own
    assert "@import" not in source
    assert "justify;" not in source
    assert "italic" not in source


def test_every_sheet_is_joined_or_stands_alone():
    """admin*.css and those named below belong to pages of their own."""
    sheets = {path.name for path in STYLES.glob("*.css") if not path.name.startswith("admin")}
    sheets -= {"desk.css", "charts.css", "circles.css", "coverage.css", "near.css", "position.css", "open-data.css"}
    sheets -= {"print.css", "poster.css", "landscape.css", "search.css"}
    assert {Path(sheet).name for sheet in SHEETS} - {"govuk.css"} == sheets


def test_the_look_is_light_enough_for_an_old_phone():
    joined = "\n".join((STYLES.parent / sheet).read_text() for sheet in SHEETS)
    assert len(gzip.compress(joined.encode(), 9)) <= 18_000


def _scripts(file):
    """Those of our scripts that a template loads, with what it extends and includes."""
    source = (TEMPLATES / file).read_text()
    named = (each for each in NAMED.findall(source) if (TEMPLATES / each).exists())
    return set(SCRIPT.findall(source)).union(*map(_scripts, named))


def test_no_page_has_more_scripts_than_an_old_phone_likes():
    files = STYLES.parent / "js"
    weights = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files.glob("*.js")}
    named = {file: _scripts(file) for file in FILES}
    by_forms = weights.keys() - set().union(*named.values())  # what forms and staff pages name in Python
    named |= {name: {name} | named["base.html"] | named["components/read_aloud.html"] for name in by_forms}
    pages = {file: sum(weights[name] for name in names) for file, names in named.items()}
    assert max(pages.values()) > weights["keep.js"] + weights["read-aloud.js"]
    assert {file: weight for file, weight in pages.items() if weight > 3_000} == {}
