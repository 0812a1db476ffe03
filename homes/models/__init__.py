from homes.models.demonstration import Demonstration
from homes.models.home import Home, HomeFacility, HostedBranch
from homes.models.hours import OpeningException, OpeningHours
from homes.models.photo import Photo
from homes.models.theme import Facility, Theme

__all__ = [
    "Demonstration",
    "Facility",
    "Home",
    "HomeFacility",
    "HostedBranch",
    "OpeningException",
    "OpeningHours",
    "Photo",
    "Theme",
]
