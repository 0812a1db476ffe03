from volunteers.models.duty import Duty, Shift, ShiftPlace
from volunteers.models.letter import Letter, Office
from volunteers.models.message import Message
from volunteers.models.order import Assignment, OpenCall, OrderCategory, OrderPhoto, ServiceOrder
from volunteers.models.team import Skill, Team, TeamKind, TeamMembership, Volunteer

__all__ = [
    "Assignment",
    "Duty",
    "Letter",
    "Message",
    "Office",
    "OpenCall",
    "OrderCategory",
    "OrderPhoto",
    "ServiceOrder",
    "Shift",
    "ShiftPlace",
    "Skill",
    "Team",
    "TeamKind",
    "TeamMembership",
    "Volunteer",
]
