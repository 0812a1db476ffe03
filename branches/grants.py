"""What each role may do with this app's records."""

from branches.access import DISTRICT, EDIT, VIEW, grant
from branches.models import Division, Posting, PublishedFigure, User

grant(Division, {DISTRICT: VIEW})
grant(PublishedFigure, {DISTRICT: VIEW})
grant(User, {DISTRICT: EDIT})
grant(Posting, {DISTRICT: EDIT})
