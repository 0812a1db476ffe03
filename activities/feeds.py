"""What is on next, what was, what can be learned and listened to, and what has been said, as Atom feeds."""

from django.conf import settings
from django.shortcuts import get_object_or_404

from activities import outbox
from activities.models import Activity, AudioItem, Course, Notice, Recap
from branches.samples import marked
from config.feeds import NEWEST, SiteFeed
from homes.models import Home


class ActivitiesFeed(SiteFeed):
    """The activities published last that are still to come."""

    listed = "activities:feed"
    page = "/activities/"

    def items(self):
        rows = Activity.objects.upcoming().select_related("home", "kind", "household")
        return rows.order_by("-published_at", "-pk")[:NEWEST]

    def item_description(self, activity):
        return f"{outbox.when(activity)}，{activity.where}。{activity.description}"

    def item_updateddate(self, activity):
        return activity.updated_at

    def item_pubdate(self, activity):
        return activity.published_at or activity.created_at


class NoticesFeed(SiteFeed):
    """The notices published last."""

    listed = "activities:notices_feed"
    page = "/notices/"

    def items(self):
        return Notice.objects.current().order_by("-publish_at", "-pk")[:NEWEST]

    def item_description(self, notice):
        return notice.body

    def item_updateddate(self, notice):
        return notice.updated_at

    def item_pubdate(self, notice):
        return notice.publish_at


class RecapsFeed(SiteFeed):
    """What was told last of activities that are over."""

    listed = "activities:recaps_feed"
    page = "/activities/"

    def items(self):
        return Recap.objects.public().select_related("activity").order_by("-created_at", "-pk")[:NEWEST]

    def item_title(self, recap):
        return marked(recap.activity, recap.activity.title)

    def item_description(self, recap):
        return recap.words

    def item_address(self, recap):
        return f"{recap.activity.get_absolute_url()}#recap"

    def item_updateddate(self, recap):
        return recap.created_at

    item_pubdate = item_updateddate


class CoursesFeed(SiteFeed):
    """The newest courses that are not over."""

    listed = "activities:courses_feed"
    page = "/courses/"

    def items(self):
        return Course.objects.public().running().select_related("home").order_by("-created_at", "-pk")[:NEWEST]

    def item_description(self, course):
        return f"{course.home.name}，{course.since:%Y-%m-%d}到{course.until:%Y-%m-%d}。{course.lead}"

    def item_updateddate(self, course):
        return course.created_at

    item_pubdate = item_updateddate


class LibraryFeed(SiteFeed):
    """The newest recordings."""

    listed = "activities:library_feed"
    page = "/library/"

    def items(self):
        return AudioItem.objects.public().order_by("-created_at", "-pk")[:NEWEST]

    def item_description(self, item):
        return f"{item.reader}读，{item.length_in_words}。"

    def item_updateddate(self, item):
        return item.updated_at

    def item_pubdate(self, item):
        return item.created_at


class HomeFeed(SiteFeed):
    """What one home has to say: its notices and its activities to come, the newest first."""

    def get_object(self, request, slug):
        return get_object_or_404(Home.objects.public(), slug=slug)

    def title(self, home):
        return f"{settings.SITE_NAME} · {marked(home, home.name)}"

    def link(self, home):
        return f"{settings.SITE_ADDRESS}{home.get_absolute_url()}"

    def subtitle(self, home):
        return f"{home.name}的通知和活动"

    def items(self, home):
        notices = Notice.objects.current().filter(home=home).order_by("-publish_at")[:NEWEST]
        coming = Activity.objects.upcoming().filter(home=home).select_related("home", "household")
        rows = [*notices, *coming.order_by("-published_at", "-pk")[:NEWEST]]
        return sorted(rows, key=self.item_pubdate, reverse=True)[:NEWEST]

    def item_description(self, row):
        return _of(row).item_description(row)

    def item_updateddate(self, row):
        return row.updated_at

    def item_pubdate(self, row):
        return _of(row).item_pubdate(row)


def _of(row):
    """The feed that tells of all rows of this kind."""
    return NoticesFeed() if isinstance(row, Notice) else ActivitiesFeed()
