"""The staff pages of the homes, their themes and facilities, their money, projects, recognition, and visits."""

from homes.admin import application, demonstration, home, inspection, money, observation, project, theme

__all__ = ["application", "demonstration", "home", "inspection", "money", "observation", "project", "theme"]
