"""What changed in the directory, and what is new of the projects, as Atom feeds."""

from branches.samples import marked
from config.feeds import NEWEST, SiteFeed
from homes.models import CommunityProject, Home, ProjectUpdate


class HomesFeed(SiteFeed):
    """The public homes whose pages changed last."""

    listed = "homes:feed"
    page = "/homes/"

    def items(self):
        return Home.objects.public().select_related("theme").order_by("-updated_at", "-pk")[:NEWEST]

    def item_description(self, home):
        return home.lead

    def item_updateddate(self, home):
        return home.updated_at

    def item_pubdate(self, home):
        return home.created_at


class ProjectsFeed(SiteFeed):
    """The newest news of public projects."""

    listed = "projects:feed"
    page = "/projects/"

    def items(self):
        rows = ProjectUpdate.objects.filter(project__in=CommunityProject.objects.public())
        return rows.select_related("project").order_by("-created_at", "-pk")[:NEWEST]

    def item_title(self, row):
        return marked(row.project, row.project.name)

    def item_description(self, row):
        return row.words

    def item_address(self, row):
        return f"{row.project.get_absolute_url()}#news-{row.pk}"

    def item_updateddate(self, row):
        return row.revised_at or row.created_at

    def item_pubdate(self, row):
        return row.created_at
