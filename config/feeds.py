"""What all Atom feeds have in common, and the page that lists them.

An entry keeps its id, which is its address: of the portal as the settings say it, else as the reader wrote it.
"""

from typing import NamedTuple

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from branches.samples import marked
from config.caching import public_page

NEWEST = 30


class About(NamedTuple):
    """What a feed is called, and what it tells."""

    name: str
    tells: str


# what there is to subscribe to, by the name of its address, in the order of the page
FEEDS = {
    "activities:notices_feed": About("通知公告", "各个家和各级新发的通知"),
    "activities:feed": About("活动", "新发布、还没有开始的活动"),
    "activities:recaps_feed": About("活动回顾", "办过的活动，写了些什么"),
    "activities:courses_feed": About("课程和队伍", "新开的班和队"),
    "activities:library_feed": About("有声图书馆", "新放上来的录音"),
    "letters:feed": About("民声邮筒", "新公开的信和答复"),
    "projects:feed": About("共建项目", "街坊们一起办的事，新的进展"),
    "homes:feed": About("老党员之家", "新开的家，和最近更新过的家"),
}


class SiteFeed(Feed):
    """The newest of one thing. A subclass says `listed`, `page`, `items` and what stands in an entry."""

    feed_type = Atom1Feed
    listed = ""  # its name in FEEDS
    page = ""

    def title(self, *_row):
        return f"{settings.SITE_NAME} · {FEEDS[self.listed].name}"

    def subtitle(self, *_row):
        return FEEDS[self.listed].tells

    def link(self, *_row):
        return f"{settings.SITE_ADDRESS}{self.page}"

    def author_name(self, *_row):
        return settings.SITE_ORGANISER or settings.SITE_NAME

    def item_title(self, row):
        return marked(row, str(row))

    def item_link(self, row):
        return f"{settings.SITE_ADDRESS}{self.item_address(row)}"

    def item_address(self, row):
        return row.get_absolute_url()


@require_safe
@public_page
def feeds(request):
    """What there is to subscribe to."""
    return render(request, "pages/feeds.html", {"feeds": FEEDS.items()})
