"""What each role may do with this app's records."""

from activities.models import (
    Activity,
    ActivityKind,
    AudioItem,
    Booking,
    Course,
    HomeDelivery,
    Message,
    Notice,
    NoticeFile,
    Recap,
    RecapPhoto,
    SignUp,
)
from branches.access import COMMUNITY, DISTRICT, EDIT, ORGANISER, PART, SECRETARY, STREET, VIEW, Action, grant

POSTING = (DISTRICT, STREET, COMMUNITY, SECRETARY, ORGANISER)  # who puts things on

for shown in (Activity, Course, Notice, Recap, RecapPhoto):
    grant(shown, dict.fromkeys(POSTING, EDIT))
grant(NoticeFile, dict.fromkeys(POSTING, PART))
grant(AudioItem, dict.fromkeys((DISTRICT, STREET, COMMUNITY, ORGANISER), EDIT))
grant(ActivityKind, {DISTRICT: EDIT} | dict.fromkeys((STREET, COMMUNITY, SECRETARY, ORGANISER), VIEW))

# who is coming: names and telephones, for those who have to reach them
SEEN = {Action.REVEAL}
near = (COMMUNITY, SECRETARY, ORGANISER)
for register in (SignUp, Booking, Message):
    grant(register, {DISTRICT: VIEW, STREET: VIEW} | dict.fromkeys(near, EDIT | SEEN))

# who cannot come, and is visited: as branches/grants.py has it for visits
grant(HomeDelivery, {DISTRICT: VIEW} | dict.fromkeys((COMMUNITY, SECRETARY), EDIT))
