"""What each role may do with this app's records."""

from branches.access import (
    ALL,
    COMMUNITY,
    DISTRICT,
    EDIT,
    ORGANISER,
    PART,
    SECRETARY,
    STREET,
    VIEW,
    Action,
    grant,
)
from homes.models import (
    ApplicationDocument,
    BudgetLine,
    CommunityProject,
    Coverage,
    Demonstration,
    Facility,
    FundingSource,
    Grant,
    Home,
    HomeApplication,
    HomeFacility,
    HostedBranch,
    Inspection,
    InspectionItem,
    InspectionPhoto,
    Instalment,
    LedgerLine,
    Milestone,
    ObservationVisit,
    OpeningException,
    OpeningHours,
    Photo,
    ProjectPhoto,
    ProjectUpdate,
    ServiceCircle,
    Standard,
    StreetNetwork,
    Theme,
    Walk,
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
grant(Demonstration, {DISTRICT: EDIT, STREET: VIEW | {Action.ADD}, COMMUNITY: VIEW})  # to add one is to nominate
grant(HostedBranch, {DISTRICT: PART, STREET: VIEW, COMMUNITY: PART})
for shared in (Theme, Facility):
    grant(shared, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: VIEW, ORGANISER: VIEW})

# founding a home: the community applies, street and district review; which level acts when, the verbs say
CHANGED = frozenset({Action.VIEW, Action.CHANGE})
for part in (HomeApplication, ApplicationDocument):
    grant(part, {DISTRICT: CHANGED, STREET: CHANGED, COMMUNITY: EDIT, SECRETARY: EDIT})
grant(Standard, {DISTRICT: EDIT} | dict.fromkeys((STREET, COMMUNITY, SECRETARY), VIEW))
for part in (Inspection, InspectionItem, InspectionPhoto):
    grant(part, {DISTRICT: EDIT, STREET: EDIT, COMMUNITY: VIEW, SECRETARY: VIEW})

# walking circles are computed; their counts of people are for those who answer for them
for computed in (ServiceCircle, Walk):
    grant(computed, dict.fromkeys((DISTRICT, STREET, COMMUNITY), VIEW))
grant(Coverage, dict.fromkeys((DISTRICT, STREET, COMMUNITY, SECRETARY), VIEW | {Action.EXPORT}))
grant(StreetNetwork, {DISTRICT: VIEW})

# the district's money, and who came to look
for money in (Grant, Instalment):
    grant(money, {DISTRICT: EDIT | {Action.EXPORT}, STREET: VIEW | {Action.EXPORT}, COMMUNITY: VIEW})
grant(ObservationVisit, {DISTRICT: EDIT, STREET: EDIT, COMMUNITY: EDIT})

# what neighbours do together is led by the branch
for part in (CommunityProject, Milestone, ProjectUpdate, ProjectPhoto, BudgetLine, FundingSource, LedgerLine):
    grant(part, {DISTRICT: EDIT, STREET: VIEW, COMMUNITY: EDIT, SECRETARY: EDIT, ORGANISER: VIEW})
