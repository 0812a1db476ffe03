"""Letters in public with their answers, as an Atom feed."""

from branches.samples import marked
from config.feeds import NEWEST, SiteFeed
from volunteers.models import Letter


class LettersFeed(SiteFeed):
    """The letters whose answers were made public last: the public words, and nothing of who wrote."""

    listed = "letters:feed"
    page = "/letters/"

    def items(self):
        return Letter.objects.public().select_related("office").order_by("-published_at", "-pk")[:NEWEST]

    def item_title(self, letter):
        return marked(letter, letter.public_subject)

    def item_description(self, letter):
        return f"{letter.public_answer}（{letter.office.name}）"

    def item_updateddate(self, letter):
        return max(letter.published_at, letter.redacted_at)

    def item_pubdate(self, letter):
        return letter.published_at
