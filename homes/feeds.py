"""What changed in the directory, as an Atom feed."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from homes.models import Home


class HomesFeed(Feed):
    """The thirty public homes whose pages changed last."""

    feed_type = Atom1Feed
    link = "/homes/"
    subtitle = "新开的家，和最近更新过的家"

    def title(self):
        return f"{settings.SITE_NAME} · 老党员之家"

    def items(self):
        return Home.objects.public().select_related("theme").order_by("-updated_at", "-pk")[:30]

    def item_title(self, home):
        return f"【示例数据】{home.name}" if home.is_sample else home.name

    def item_description(self, home):
        return home.lead

    def item_updateddate(self, home):
        return home.updated_at

    def item_pubdate(self, home):
        return home.created_at
