"""The official divisions: one district, its streets, their communities and villages."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from branches.access import ScopedQuerySet


class DivisionQuerySet(ScopedQuerySet):
    def in_areas(self, divisions):
        return Q(pk__in=divisions) | Q(parent__in=divisions) | Q(parent__parent__in=divisions)

    def of_branches(self, postings):
        return self.in_areas({posting.branch.division_id for posting in postings})

    def district(self):
        """The district whose portal this is, or None before `load_district` has run."""
        return self.filter(level=Division.Level.DISTRICT).order_by("code").first()

    def streets(self):
        return self.filter(level=Division.Level.STREET)

    def within(self, division):
        """The division itself and everything below it."""
        return self.filter(Q(pk=division.pk) | Q(parent=division.pk) | Q(parent__parent=division.pk))


class Division(models.Model):
    """A place that answers for its residents, with its official 12-digit code (国家统计局 统计用区划代码)."""

    class Level(models.TextChoices):
        DISTRICT = "district", "区县"
        STREET = "street", "街道乡镇"
        COMMUNITY = "community", "社区村"

    code = models.CharField(
        "区划代码", max_length=12, unique=True, validators=[RegexValidator(r"^\d{12}$", "区划代码是12位数字。")]
    )
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    outline = models.JSONField(
        "轮廓", null=True, blank=True, help_text="GeoJSON 几何图形，WGS-84 坐标，只用于示意，不是法定界线。"
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ("code",)
        constraints = [
            # the district alone has nothing above it
            models.CheckConstraint(
                condition=Q(level="district", parent=None) | (~Q(level="district") & Q(parent__isnull=False)),
                name="division_parent_fits_level",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def short_name(self):
        """The name as neighbours say it: 一力社区居委会 → 一力社区, 牛角塘村委会 → 牛角塘村.

        A village whose own name ends in it has it once: 暮云新村村委会 → 暮云新村.
        """
        return re.sub(r"(居|村?村民?)委会$", lambda ending: "村" if ending[0].startswith("村") else "", self.name)

    @property
    def street(self):
        """The street this division is or lies in; None for the district."""
        if self.level == self.Level.STREET:
            return self
        return self.parent if self.level == self.Level.COMMUNITY else None
