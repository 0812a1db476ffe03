"""What is on next, and what has been said, as Atom feeds."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from activities import outbox
from activities.models import Activity, Notice


class ActivitiesFeed(Feed):
    """The thirty activities published last that are still to come."""

    feed_type = Atom1Feed
    link = "/activities/"
    subtitle = "新发布的活动"

    def title(self):
        return f"{settings.SITE_NAME} · 活动"

    def items(self):
        rows = Activity.objects.upcoming().select_related("home", "kind", "household")
        return rows.order_by("-published_at", "-pk")[:30]

    def item_title(self, activity):
        return f"【示例数据】{activity.title}" if activity.is_sample else activity.title

    def item_description(self, activity):
        return f"{outbox.when(activity)}，{activity.where}。{activity.description}"

    def item_updateddate(self, activity):
        return activity.updated_at

    def item_pubdate(self, activity):
        return activity.published_at


class NoticesFeed(Feed):
    """The thirty notices published last."""

    feed_type = Atom1Feed
    link = "/notices/"
    subtitle = "通知公告"

    def title(self):
        return f"{settings.SITE_NAME} · 通知公告"

    def items(self):
        return Notice.objects.current().order_by("-publish_at", "-pk")[:30]

    def item_title(self, notice):
        return f"【示例数据】{notice.title}" if notice.is_sample else notice.title

    def item_description(self, notice):
        return notice.body

    def item_updateddate(self, notice):
        return notice.updated_at

    def item_pubdate(self, notice):
        return notice.publish_at
