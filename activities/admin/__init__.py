"""The staff pages of what goes on: looked through here, done on the desk."""

from activities.admin import deliveries, library, notices, people, programme

__all__ = ["deliveries", "library", "notices", "people", "programme"]
