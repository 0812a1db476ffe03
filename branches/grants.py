"""What each role may do with this app's records."""

from branches.access import COMMUNITY, DISTRICT, EDIT, STREET, VIEW, grant
from branches.models import Division, Posting, PublishedFigure, User

grant(Division, {DISTRICT: VIEW, STREET: VIEW, COMMUNITY: VIEW})
grant(PublishedFigure, {DISTRICT: VIEW})
grant(User, {DISTRICT: EDIT})
grant(Posting, {DISTRICT: EDIT})
