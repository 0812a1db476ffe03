"""The staff pages of the homes, their themes and facilities, their money, projects, recognition, and visits."""

from homes.admin import demonstration, home, money, observation, project, theme

__all__ = ["demonstration", "home", "money", "observation", "project", "theme"]
