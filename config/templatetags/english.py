"""Names, words, addresses and times of pages that are there in Chinese and in English (config/english.py)."""

import re

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import mark_safe

from config import english

MARKED = re.compile('<span lang="zh-CN">.*?</span>')
register = template.Library()
register.filter("name", english.name)
register.filter("plain_name", english.plain_name)
register.filter("word", english.word)
register.filter("chinese", english.chinese)
register.filter("is_chinese", english.is_chinese)
register.filter("here", english.address)


@register.filter(expects_localtime=True)
def hour(time):
    """8:30, on English pages 8:30am."""
    if not time:
        return ""
    if not english.is_on():
        return f"{time.hour}:{time.minute:02}"
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{time.hour % 12 or 12}{minutes}{'am' if time.hour < 12 else 'pm'}"


@register.filter
def hours(intervals):
    """Each interval in one piece; English ones are long: each in a line of its own, which may break."""
    said = ((f"{hour(each.opens)}–{hour(each.closes)}",) for each in intervals)
    if english.is_on():
        return format_html_join(mark_safe("<br>"), "{}", said)
    return format_html_join("", '<span class="interval">{}</span>', said)


@register.filter
def kept_ending(name):
    """What all homes are called stays in one piece at the end of the name of one."""
    own = name.removesuffix(english.HOME)
    return format_html('{}<span class="keep">{}</span>', own, english.HOME) if own and own != name else name


@register.filter
def unmarked(text):
    """What of marked words can stand in a title, where nothing can be marked as Chinese."""
    return strip_tags(MARKED.sub("", str(text))).strip()


@register.filter
def day(date):
    """11月25日, on English pages 25 November."""
    return date_format(date, "j F" if english.is_on() else "n月j日")


@register.simple_tag
def lang_of_text():
    """The attribute of an element on English pages whose alternative text people wrote in Chinese."""
    return format_html(' lang="{}"', "zh-CN") if english.is_on() else ""
