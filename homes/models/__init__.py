from homes.models.application import ApplicationDocument, HomeApplication
from homes.models.circle import Coverage, ServiceCircle, StreetNetwork, Walk
from homes.models.demonstration import Demonstration
from homes.models.grant import Grant, Instalment
from homes.models.home import Home, HomeFacility, HostedBranch
from homes.models.hours import OpeningException, OpeningHours
from homes.models.inspection import Inspection, InspectionItem, InspectionPhoto, Standard
from homes.models.ledger import BudgetLine, FundingSource, LedgerLine
from homes.models.observation import ObservationVisit
from homes.models.photo import Photo
from homes.models.project import CommunityProject, Milestone, ProjectPhoto, ProjectUpdate
from homes.models.search import SearchEntry
from homes.models.theme import Facility, Theme

__all__ = [
    "ApplicationDocument",
    "BudgetLine",
    "CommunityProject",
    "Coverage",
    "Demonstration",
    "Facility",
    "FundingSource",
    "Grant",
    "Home",
    "HomeApplication",
    "HomeFacility",
    "HostedBranch",
    "Inspection",
    "InspectionItem",
    "InspectionPhoto",
    "Instalment",
    "LedgerLine",
    "Milestone",
    "ObservationVisit",
    "OpeningException",
    "OpeningHours",
    "Photo",
    "ProjectPhoto",
    "ProjectUpdate",
    "SearchEntry",
    "ServiceCircle",
    "Standard",
    "StreetNetwork",
    "Theme",
    "Walk",
]
