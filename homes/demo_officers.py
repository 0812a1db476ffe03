"""Who acts in the samples of founding: the log-ins of the demo where they sit, and sample colleagues everywhere else.

The colleagues have no password: nobody can log in as one of them.
"""

from django.db.models import Q
from simple_history.utils import bulk_create_with_history

from branches.demo_words import REASON
from branches.models import Posting, User

PREFIX = "sample-officer-"


class Officers:
    """Who holds which post, once `seat` has seen to it that somebody does."""

    def __init__(self, logins, district):
        self._district, self._posts = district, {}
        known = Posting.objects.filter(Q(user__username__in=logins) | Q(user__username__startswith=PREFIX))
        for posting in known.select_related("user").order_by("user"):
            self._posts.setdefault((posting.role, posting.division_id), []).append(posting.user)

    def seat(self, wanted, arrivals):
        """Have somebody in each of these communities and streets, and two in the district."""
        missing = []
        for division in [self._district, *wanted]:
            role = division.level
            holders = self._posts.setdefault((role, division.pk), [])
            for turn in range(len(holders), 2 if role == "district" else 1):
                user = User(
                    username=f"{PREFIX}{division.code}-{turn + 1}", name=f"示例{division.short_name}工作人员{turn + 1}"
                )
                user.set_unusable_password()
                holders.append(user)
                missing.append(Posting(user=user, role=role, division=division))
        if missing:
            users = [posting.user for posting in missing]
            bulk_create_with_history(users, User, batch_size=500, default_change_reason=REASON)
            bulk_create_with_history(missing, Posting, batch_size=500, default_change_reason=REASON)
            arrivals.created[User._meta.verbose_name] += len(missing)

    def of_community(self, community):
        return self._posts["community", community.pk][0]

    def of_district(self, turn=0):
        """One of the two: the first reviews, the second decides."""
        return self._posts["district", self._district.pk][turn]

    def reviewer(self, street):
        """The officer of the street, or of the district where no street is known."""
        return self._posts["street", street.pk][0] if street else self.of_district()

    def communities_of(self, logins):
        """The primary keys of the communities in which one of these log-ins sits."""
        posts = self._posts.items()
        return {place for (role, place), users in posts if role == "community" and users[0].username in logins}
