"""The staff pages of what goes on: looked through here, done on the desk."""

from activities.admin import library, notices, people, programme

__all__ = ["library", "notices", "people", "programme"]
