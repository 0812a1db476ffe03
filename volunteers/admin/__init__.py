"""The staff pages of what volunteers do and of letters."""

from volunteers.admin import letters, orders

__all__ = ["letters", "orders"]
