from homes.models.demonstration import Demonstration
from homes.models.home import Facility, Home, HomeFacility, Theme
from homes.models.hours import OpeningException, OpeningHours
from homes.models.photo import Photo

__all__ = ["Demonstration", "Facility", "Home", "HomeFacility", "OpeningException", "OpeningHours", "Photo", "Theme"]
