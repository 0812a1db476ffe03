"""The English pages: what visitors need of the site, each at its Chinese address with /en before it (decision 19).

The address alone says the language, so that stored pages keep one each; `English`, a middleware, sets it for the one
request. A page has its own, shorter template below templates/english/; components and forms are shared, with their
words in locale/en. Names stay Chinese with their pinyin beside them; what the district calls its themes, facilities and
kinds of help is looked up in the english.toml of its folder. Whatever is kept is kept in Chinese: `in_chinese`.
"""

import re
import tomllib
import unicodedata
from functools import cache, partial
from pathlib import Path

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.html import format_html
from pypinyin import lazy_pinyin

from config.site import address_of

LANGUAGE, PREFIX = "en", "/en/"
# words for kinds of places: each is a word of its own in pinyin
KINDS = re.compile(r"(老党员之家|社区|小区|花园|家园|网格|街道|支部|(?:居委会|村委会|村|区|县|市)$)")
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
HOME = "老党员之家"  # in every name of a home, and explained once

# verbs run in it, so that what they keep and tell others is Chinese whoever asked
in_chinese = partial(translation.override, settings.LANGUAGE_CODE)


class English:
    """Middleware: whatever is answered below /en/, errors too, is made in English. Nothing of it stays for the next."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with language_of(request):
            return self.get_response(request)


def language_of(request):
    """The language of an address, for as long as the block lasts."""
    return translation.override(LANGUAGE if request.path.startswith(PREFIX) else settings.LANGUAGE_CODE)


def is_on():
    return translation.get_language() == LANGUAGE


def template(name):
    """The template of a page that is there in both languages."""
    return f"english/{name}" if is_on() else name


def address(url):
    """The same page in the language of this one: on English pages the English one, where it is there."""
    path, mark, query = url.partition("?")
    return f"{PREFIX}{path[1:]}{mark}{query}" if is_on() and _is_there(f"{PREFIX}{path[1:]}") else url


def twin(path):
    """The address of the same page in the other language; "" where it has none."""
    other = f"/{path.removeprefix(PREFIX)}" if path.startswith(PREFIX) else f"{PREFIX}{path[1:]}"
    return other if _is_there(other) else ""


def alternates(path):
    """[(language, address)] of a page that is there in both, its own among them; [] where it is not."""
    pages = sorted((path, twin(path)), key=lambda page: page.startswith(PREFIX))
    return list(zip(("zh-CN", LANGUAGE), pages, strict=True)) if all(pages) else []


def _is_there(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def english(request):
    """Context processor: `language`, where this page is in the other one, and what search engines are told of both."""
    other, query, base = twin(request.path), request.META.get("QUERY_STRING", ""), address_of(request)
    pages = [(code, f"{base}{path}") for code, path in (alternates(request.path) if other else ())]
    code, label = ("zh-CN", "中文") if is_on() else (LANGUAGE, "EN")
    kept = f"{other}?{query}" if other and query else other
    return {"language": {"twin": kept, "code": code, "label": label, "alternates": pages}}


def is_chinese(text):
    return bool(CHINESE.search(text))


def chinese(text):
    """What people wrote: marked on English pages where it is Chinese."""
    return format_html('<span lang="zh-CN">{}</span>', text) if is_on() and is_chinese(text) else text


def name(text):
    """A proper name: on English pages the characters, and how they are said."""
    return format_html("<span>{} {}</span>", chinese(text), pinyin(text)) if is_on() and is_chinese(text) else text


def plain_name(text):
    """A proper name where nothing can be marked as Chinese, as in a title."""
    return pinyin(text) if is_on() else text


def word(text):
    """Our own words about the district: on English pages as its folder translates them, else marked as Chinese."""
    return chinese(plain_word(text))


def plain_word(text):
    return _words(settings.DISTRICT_DIR).get(text, text) if is_on() else text


@cache
def _words(folder):
    file = Path(folder, "english.toml")
    return tomllib.loads(file.read_text()) if file.exists() else {}


@cache
def pinyin(text):
    """嘉和社区老党员之家 as Jiahe Shequ: without tones, as on street signs; that it is a home is said elsewhere."""
    words = [part for part in KINDS.split(unicodedata.normalize("NFKC", text)) if part.strip()]
    told = [part for part in words if part != HOME] or words
    return " ".join(_joined(lazy_pinyin(part, v_to_u=True)) for part in told)


def _joined(syllables):
    """Tian and an as Tian'an, or it would be read as ti and anan."""
    written = "".join(f"'{each}" if place and each[0] in "aeo" else each for place, each in enumerate(syllables))
    return written.strip()[:1].upper() + written.strip()[1:]
