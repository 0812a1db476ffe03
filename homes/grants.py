"""What each role may do with this app's records."""

from branches.access import ALL, COMMUNITY, DISTRICT, EDIT, ORGANISER, PART, STREET, VIEW, Action, grant
from homes.models import (
    Demonstration,
    Facility,
    Home,
    HomeFacility,
    HostedBranch,
    OpeningException,
    OpeningHours,
    Photo,
    Theme,
)

grant(
    Home,
    {
        DISTRICT: ALL,
        STREET: EDIT | {Action.EXPORT},
        COMMUNITY: {Action.VIEW, Action.CHANGE},
        ORGANISER: {Action.VIEW, Action.CHANGE},
    },
)
for part in (OpeningHours, OpeningException, HomeFacility):
    grant(part, dict.fromkeys((DISTRICT, STREET, COMMUNITY, ORGANISER), PART))
grant(Photo, dict.fromkeys((DISTRICT, STREET, COMMUNITY, ORGANISER), EDIT))
grant(Demonstration, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: VIEW})
grant(HostedBranch, {DISTRICT: PART, STREET: VIEW, COMMUNITY: PART})
for shared in (Theme, Facility):
    grant(shared, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: VIEW, ORGANISER: VIEW})
