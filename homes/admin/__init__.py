"""The staff pages of the homes, their themes and facilities, their money, recognition, and who came to look."""

from homes.admin import application, demonstration, home, inspection, money, observation, theme

__all__ = ["application", "demonstration", "home", "inspection", "money", "observation", "theme"]
