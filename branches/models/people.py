"""The people who log in, and the posts they hold."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from branches.access import ROLES, ScopedQuerySet
from branches.models.division import Division
from branches.models.organisation import Branch


class UserQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        """The people who hold, or held, a post inside these areas, and those who hold none anywhere else (organisers,
        newcomers); never an administrator."""
        placed = Posting.objects.exclude(division=None)
        inside = placed.filter(Posting.objects.all().scope(user, postings))
        return Q(is_superuser=False) & (Q(pk__in=inside.values("user")) | ~Q(pk__in=placed.values("user")))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, password=None, **fields):
        """Create a user who may do nothing until a posting is given, and cannot log in without a password."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """Create the technician who may do everything. ValidationError where the password is too weak for that."""
        fields |= {"is_superuser": True}
        if password is not None:
            validate_password(password, self.model(username=username, **fields))
        return self.create_user(username, password, **fields)


class User(AbstractUser):
    """A member of staff or an organiser. Residents have no accounts."""

    first_name = last_name = groups = user_permissions = None  # what a user may do comes from postings alone
    name = models.CharField("姓名", max_length=40, blank=True)
    # a password that somebody else has set or that has run out: nothing but changing it works until it is changed
    must_change_password = models.BooleanField("要先改密码", default=False, editable=False)
    password_set_at = models.DateTimeField("密码设于", null=True, editable=False)

    objects = UserManager()
    history = HistoricalRecords(
        excluded_fields=["password", "last_login", "must_change_password", "password_set_at"], verbose_name="用户历史"
    )

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ("username",)

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name or self.username

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    @cached_property
    def current_postings(self):
        """The postings in force today, read once a request: a change acts on the next one."""
        return list(self.postings.current().placed().select_related("branch"))

    @property
    def is_staff(self):
        """Whether the staff pages open at all."""
        return self.is_superuser or bool(self.current_postings)


WITHOUT_AREA = [role.key for role in ROLES.values() if role.level is None]


class PostingQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        """Posts inside these areas and posts without an area; never an administrator's."""
        return (super().scope(user, postings) | Q(division=None, branch=None)) & Q(user__is_superuser=False)

    def in_areas(self, divisions):
        of_branch = Branch.objects.filter(Branch.objects.all().in_areas(divisions))
        return super().in_areas(divisions) | Q(branch__in=of_branch.values("pk"))

    def current(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def placed(self):
        """With `is_everywhere`: held in the one district that everything else lies in."""
        beside = Division.objects.filter(parent=None).exclude(pk=OuterRef("division"))
        return self.annotate(is_everywhere=Q(division__isnull=False) & ~Exists(beside))


class Posting(models.Model):
    """A user holds a role in an area from a day until a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name="用户")
    role = models.CharField("角色", max_length=20, choices=[(role.key, role.name) for role in ROLES.values()])
    division = models.ForeignKey(
        "branches.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name="管辖范围",
        help_text="区、街道或社区。组织者不填：他照看的家在“家”里指定。",
    )
    branch = models.ForeignKey(
        "branches.Branch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name="支部",
        help_text="只有支部书记填。",
    )
    since = models.DateField("开始", default=timezone.localdate)
    until = models.DateField("结束", null=True, blank=True, help_text="留空表示一直担任。到期后第二天起不再有权限。")

    objects = PostingQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="岗位历史")

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ("-since", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="posting_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(division=None, branch=None, role__in=WITHOUT_AREA)
                | Q(division=None, branch__isnull=False, role="secretary")
                | (Q(division__isnull=False, branch=None) & ~Q(role__in=[*WITHOUT_AREA, "secretary"])),
                name="posting_area_fits_role",
                violation_error_message="区、街道、社区工作人员填管辖范围；支部书记填支部；组织者和审计员都不填。",
            ),
        ]

    def clean(self):
        """Say beside the field what does not fit the role; the constraint would say it of the whole row."""
        role = ROLES.get(self.role)
        if role is None:
            return
        wrong, of_branch = {}, role.level == "branch"
        needs_division = role.level is not None and not of_branch
        if of_branch and not self.branch_id:
            wrong["branch"] = f"“{role.name}”要填是哪个支部的。"
        elif self.branch_id and not of_branch:
            wrong["branch"] = f"“{role.name}”不填支部，请清空。"
        if needs_division and not self.division_id:
            wrong["division"] = f"“{role.name}”要填管辖范围。"
        elif needs_division and self.division.level != role.level:
            wrong["division"] = f"“{role.name}”的管辖范围应当是一个{self.division.Level(role.level).label}。"
        elif self.division_id and not needs_division:
            wrong["division"] = f"“{role.name}”不填管辖范围，请清空。"
        if wrong:
            raise ValidationError(wrong)

    def __str__(self):
        return f"{ROLES[self.role].name} · {self.division or self.branch or '不限地点'}"
