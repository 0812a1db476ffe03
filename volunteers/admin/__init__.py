"""The staff pages of what volunteers do and of letters."""

from volunteers.admin import letters, teams

__all__ = ["letters", "teams"]
