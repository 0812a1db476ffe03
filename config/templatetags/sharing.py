"""Tags for the head of pages (config/sharing.py) and for their breadcrumbs."""

import re

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from config import english, json_ld, sharing
from config.site import address_of

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="(.*?)">', re.DOTALL)

register = template.Library()


@register.simple_block_tag(takes_context=True)
def passed_on(context, content):
    """Around the title and the description of a page: says them again to whoever is sent a link to it, and what else
    config/sharing.py knows. Nothing more on pages of one person, of the desk, and for when something is wrong.
    """
    request = context.get("request")
    if request is None or not sharing.is_public(request):
        return content
    title, description = (" ".join(text[1].split()) for text in (TITLE.search(content), DESCRIPTION.search(content)))
    title = title.removesuffix(f" · {escape(english.plain_name(settings.SITE_NAME))}")
    # both were escaped where the page wrote them
    said = sharing.head(request, context, mark_safe(title), mark_safe(description))  # noqa: S308
    return format_html("{}\n{}", content, said)


@register.simple_tag(takes_context=True)
def way_here(context):
    """What search engines read of the breadcrumbs it stands in."""
    request = getattr(context, "request", None)
    if request is None or not sharing.is_public(request):
        return ""
    steps = [
        *context.get("crumbs", ()),
        *([(context["parent"], context["parent_url"])] if context.get("parent") else []),
    ]
    return json_ld.script(json_ld.breadcrumbs(address_of(request), steps, context["here"]))
