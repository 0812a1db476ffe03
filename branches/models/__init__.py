from branches.models.audit import AuditEntry, AuditHead
from branches.models.calendar import CalendarDay
from branches.models.care import CareClass, CareVisit, Pairing
from branches.models.division import Division
from branches.models.event import Event
from branches.models.export import ExportRequest
from branches.models.figure import FigureNote, FigureSnapshot, PublishedFigure
from branches.models.member import CommunityMembership, GroupPlacement, Member
from branches.models.organisation import (
    Branch,
    Building,
    CentreHousehold,
    Enterprise,
    Grid,
    PartyGroup,
    ResidentCompound,
)
from branches.models.people import Posting, User

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Branch",
    "Building",
    "CalendarDay",
    "CareClass",
    "CareVisit",
    "CentreHousehold",
    "CommunityMembership",
    "Division",
    "Enterprise",
    "Event",
    "ExportRequest",
    "FigureNote",
    "FigureSnapshot",
    "Grid",
    "GroupPlacement",
    "Member",
    "Pairing",
    "PartyGroup",
    "Posting",
    "PublishedFigure",
    "ResidentCompound",
    "User",
]
