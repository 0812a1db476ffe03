"""Secretaries come to look at a home (观摩): who was received, how many, what they took away."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from homes.public_facts import no_person

PUBLIC_WORDS = ("guests", "shown", "takeaways")


class ObservationQuerySet(ScopedQuerySet):
    division_path = "home__division"

    def of_branches(self, postings):
        return Q(pk__in=[])

    def held(self, on=None):
        return self.filter(on__lte=on or timezone.localdate())

    def without_takeaways(self):
        return self.held().filter(takeaways="")

    def by_year(self):
        """[(year, visits, secretaries, others)], the newest first."""
        rows = self.order_by("-on__year").values("on__year")
        rows = rows.annotate(visits=Count("pk"), secretaries_sum=Sum("secretaries"), others_sum=Sum("others"))
        return list(rows.values_list("on__year", "visits", "secretaries_sum", "others_sum"))

    def secretaries(self):
        """How many branch secretaries were received in sum."""
        return self.aggregate(total=Sum("secretaries"))["total"] or 0


class ObservationVisit(models.Model):
    """One visit to one home. Organisations are named, people are counted."""

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="observations", verbose_name="家")
    on = models.DateField("哪天")
    guests = models.CharField("从哪里来", max_length=120, help_text="写单位，不写人名。")
    secretaries = models.PositiveSmallIntegerField(
        "支部书记（名）", validators=[MinValueValidator(0), MaxValueValidator(500)]
    )
    others = models.PositiveSmallIntegerField("其他人（名）", default=0, validators=[MaxValueValidator(500)])
    shown = models.CharField("看了什么", max_length=160)
    takeaways = models.TextField("带走了什么", max_length=600, blank=True, help_text="回去打算怎么做，以后再补也行。")
    is_sample = models.BooleanField("示例数据", default=False)

    objects = ObservationQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="观摩历史")

    class Meta:
        verbose_name = verbose_name_plural = "实地观摩"
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(secretaries__gt=0) | Q(others__gt=0), name="observation_by_somebody")
        ]

    def __str__(self):
        return f"{self.home}（{self.on:%Y-%m-%d}）"

    def clean(self):
        """Everybody may read these words: no telephone, no ID number, nobody's door. What has not been is no visit."""
        wrong = {}
        for name in PUBLIC_WORDS:
            try:
                no_person(getattr(self, name))
            except ValidationError as refusal:
                wrong[name] = refusal.messages
        if self.on and self.on > timezone.localdate():
            wrong["on"] = "日期不能在今天以后，来过了再记。"
        if self.secretaries == self.others == 0:
            wrong["secretaries"] = "支部书记和其他人不能都是0。"
        if wrong:
            raise ValidationError(wrong)
