"""怎么做？: the way from a page of the site to the pages of the manual about it."""

from django import template

from config.manual import pages_for

register = template.Library()


@register.inclusion_tag("desk/manual/_how_to.html", takes_context=True)
def how_to(context):
    found = context["request"].resolver_match
    return {"pages": pages_for(found.route) if found else []}
