from branches.models.division import Division
from branches.models.figure import PublishedFigure
from branches.models.people import Posting, User

__all__ = ["Division", "Posting", "PublishedFigure", "User"]
