"""The staff pages of who we are: people, places, the organisation, its members and their care, the audit trail."""

from branches.admin import audit, calendar, care, export_requests, members, organisation, people, places

__all__ = ["audit", "calendar", "care", "export_requests", "members", "organisation", "people", "places"]
