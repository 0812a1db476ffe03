"""What each role may do with this app's records."""

from branches.access import ALL, COMMUNITY, DISTRICT, EDIT, ORGANISER, SECRETARY, STREET, VIEW, Action, grant
from volunteers.models import (
    Assignment,
    Duty,
    Letter,
    Message,
    Office,
    OpenCall,
    OrderCategory,
    OrderPhoto,
    ServiceOrder,
    Shift,
    ShiftPlace,
    Skill,
    Team,
    TeamKind,
    TeamMembership,
    Volunteer,
)

WORKING = (DISTRICT, STREET, COMMUNITY, SECRETARY, ORGANISER)
SEEN = {Action.REVEAL}
NEAR = (COMMUNITY, SECRETARY, ORGANISER)

for listed in (TeamKind, Skill, OrderCategory, Office):
    grant(listed, {DISTRICT: EDIT} | dict.fromkeys((STREET, COMMUNITY, SECRETARY, ORGANISER), VIEW))

# teams and their people: names and telephones, in Excel for those who answer for an area
for shown in (Team, Duty, Shift):
    grant(shown, {DISTRICT: ALL, STREET: VIEW | {Action.EXPORT}} | dict.fromkeys(NEAR, EDIT))
for people in (Volunteer, TeamMembership):
    grant(people, {DISTRICT: ALL | SEEN, STREET: VIEW} | dict.fromkeys(NEAR, EDIT | SEEN))
grant(ShiftPlace, {DISTRICT: VIEW, STREET: VIEW} | dict.fromkeys(NEAR, EDIT))

# help asked for: dispatched by the branch, and by the district where no branch answers for the place
for order in (ServiceOrder, Assignment, OpenCall, Message):
    grant(order, {DISTRICT: EDIT | SEEN, STREET: VIEW} | dict.fromkeys(NEAR, EDIT | SEEN))
grant(OrderPhoto, {DISTRICT: VIEW} | dict.fromkeys(NEAR, VIEW))

# letters are answered by those who answer for an area; two of them for every answer
grant(Letter, dict.fromkeys((DISTRICT, STREET, COMMUNITY), EDIT | SEEN))
