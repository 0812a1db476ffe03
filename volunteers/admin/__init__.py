"""The staff pages of what volunteers do and of letters."""

from volunteers.admin import letters, orders, teams

__all__ = ["letters", "orders", "teams"]
