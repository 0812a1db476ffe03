"""The staff pages: Django's admin in the portal's own voice."""

from django.contrib.admin import AdminSite


class PortalAdminSite(AdminSite):
    site_header = "美在金秋 工作台"
    site_title = "工作台"
    index_title = "今天要做的事"
    empty_value_display = "待补充"
