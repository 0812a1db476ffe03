"""What each role may do with this app's records."""

from branches.access import (
    ALL,
    AUDITOR,
    COMMUNITY,
    DISTRICT,
    EDIT,
    ORGANISER,
    SECRETARY,
    STREET,
    VIEW,
    Action,
    grant,
)
from branches.models import (
    AuditEntry,
    Branch,
    Building,
    CalendarDay,
    CareClass,
    CareVisit,
    CentreHousehold,
    CommunityMembership,
    Division,
    Enterprise,
    ExportRequest,
    Grid,
    GroupPlacement,
    Member,
    Pairing,
    PartyGroup,
    Posting,
    PublishedFigure,
    ResidentCompound,
    User,
)

grant(Division, dict.fromkeys((DISTRICT, STREET, COMMUNITY, SECRETARY), VIEW))
# numbers of the whole district, and of the reader's own streets; published and explained by the district
grant(
    PublishedFigure,
    {DISTRICT: VIEW | {Action.ADD, Action.EXPORT}}
    | dict.fromkeys((STREET, COMMUNITY, SECRETARY), VIEW | {Action.EXPORT}),
)
grant(User, {DISTRICT: EDIT})
grant(Posting, {DISTRICT: EDIT})

grant(Branch, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: VIEW, SECRETARY: {Action.VIEW, Action.CHANGE}})
grant(PartyGroup, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: EDIT, SECRETARY: EDIT})
grant(CentreHousehold, {DISTRICT: VIEW, STREET: VIEW, COMMUNITY: EDIT, SECRETARY: EDIT})
for place in (ResidentCompound, Grid, Building):
    grant(place, {DISTRICT: EDIT, STREET: EDIT, COMMUNITY: EDIT, SECRETARY: VIEW})
grant(Enterprise, {DISTRICT: EDIT} | dict.fromkeys((STREET, COMMUNITY, SECRETARY, ORGANISER), VIEW))

SEEN = {Action.REVEAL}
grant(
    Member,
    {
        DISTRICT: ALL | SEEN,
        STREET: {Action.VIEW, Action.EXPORT},
        COMMUNITY: EDIT | SEEN | {Action.EXPORT},
        SECRETARY: ALL | SEEN,
    },
)
# whoever exports members may be asked by a colleague to agree to it
DECIDED = frozenset({Action.VIEW, Action.CHANGE})
grant(ExportRequest, dict.fromkeys((DISTRICT, STREET, COMMUNITY, SECRETARY), DECIDED))
for relation in (CommunityMembership, GroupPlacement):
    grant(relation, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: EDIT, SECRETARY: EDIT})
grant(CareClass, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: VIEW, SECRETARY: VIEW})
grant(Pairing, {DISTRICT: VIEW, COMMUNITY: EDIT, SECRETARY: EDIT})
grant(CareVisit, {DISTRICT: VIEW, COMMUNITY: EDIT | SEEN, SECRETARY: EDIT | SEEN})
grant(CalendarDay, {DISTRICT: EDIT} | dict.fromkeys((STREET, COMMUNITY, SECRETARY, ORGANISER), VIEW))
grant(AuditEntry, {AUDITOR: VIEW})  # an extract proves nothing: only in the chain can an entry be verified
