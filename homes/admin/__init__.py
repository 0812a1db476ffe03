"""The staff pages of the homes, their themes and facilities, and the recognition they were given."""

from homes.admin import application, demonstration, home, inspection, theme

__all__ = ["application", "demonstration", "home", "inspection", "theme"]
