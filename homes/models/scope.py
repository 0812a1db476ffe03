"""Who sees what happens at a place: those who answer for its area, its branch's secretary, its home's organisers."""

from django.db.models import Q

from branches.access import ScopedQuerySet
from homes.models.home import Home


class AtPlaceQuerySet(ScopedQuerySet):
    """Rows with a division, a home or none, a branch or none. `place_path` leads from the row to these."""

    place_path = ""
    branch_path = "branch"

    def scope(self, user, postings):
        condition = super().scope(user, postings)
        if any(posting.role == "organiser" for posting in postings):
            own = Home.organisers.through.objects.filter(user=user).values("home")
            condition |= Q(**{f"{self.place_path}home__in": own})
        return condition
