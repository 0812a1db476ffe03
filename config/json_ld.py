"""What search engines read of a page, as schema.org has it: whose site it is, and how the page is reached.

What the apps tell of their records is in their own `json_ld.py`; everything is written into a page by `script`.
"""

import json

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from config import english
from config.site import district

# what would end the script element, or be read as markup, as JSON escapes it
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
CONTEXT = "https://schema.org"


def script(facts):
    """A data block for the page: browsers do not run it, so the content policy has nothing to say about it."""
    text = json.dumps(facts, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def whose(site):
    """Who answers for the portal at `site` (https://…): the public body of the settings, or just the site."""
    here = district()
    facts = {
        "@type": "GovernmentOrganization" if settings.SITE_ORGANISER else "Organization",
        "name": settings.SITE_ORGANISER or settings.SITE_NAME,
        "url": f"{site}/",
        "telephone": settings.SITE_TELEPHONE,
        "email": settings.SITE_EMAIL,
        "areaServed": here and {"@type": "AdministrativeArea", "name": here.name},
    }
    return {name: value for name, value in facts.items() if value}


def website(site):
    """The portal, and who answers for it."""
    here = district()
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "alternateName": f"{here.name if here else ''}老党员之家",
        "url": f"{site}/",
        "inLanguage": "zh-CN",
        "publisher": whose(site),
    }


def breadcrumbs(site, steps, here):
    """The way to a page from the front page: [(label, address)], and what the page is called."""
    items = [
        {"name": label, "item": f"{site}{address}"}
        for label, address in ((gettext("首页"), english.address("/")), *steps)
    ]
    numbered = enumerate((*items, {"name": here}), 1)
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [{"@type": "ListItem", "position": place, **item} for place, item in numbered],
    }
