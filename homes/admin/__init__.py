"""The staff pages of the homes, their themes and facilities, and the recognition they were given."""

from homes.admin import demonstration, home, theme

__all__ = ["demonstration", "home", "theme"]
