"""The staff pages of what volunteers do and of letters."""

from volunteers.admin import letters

__all__ = ["letters"]
