"""The staff pages of the homes, their themes and facilities, their money, recognition, projects, and who came to look."""

from homes.admin import demonstration, home, money, observation, project, theme

__all__ = ["demonstration", "home", "money", "observation", "project", "theme"]
