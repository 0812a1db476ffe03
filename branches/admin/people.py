"""The staff pages of divisions, people and their posts, and figures that were once published."""

from http import HTTPStatus

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from branches.access import ROLES
from branches.audit import Action, record
from branches.models import Division, Posting, PublishedFigure, User
from branches.scoped_admin import ScopedAdmin, ScopedTabularInline
from config import second_step
from config.templatetags.amounts import amount

admin.site.unregister(Group)  # what a user may do comes from postings alone


class ReadOnly(ScopedAdmin):
    """Records that come from official tables and are only looked at."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class InStreet(admin.SimpleListFilter):
    title = "所在街道"
    parameter_name = "street"

    def lookups(self, request, model_admin):
        return [(street.code, street.name) for street in Division.objects.visible_to(request.user).streets()]

    def queryset(self, request, queryset):
        return queryset.filter(Q(code=self.value()) | Q(parent__code=self.value())) if self.value() else queryset


class HasOutline(admin.SimpleListFilter):
    title = "有没有轮廓"
    parameter_name = "outline"

    def lookups(self, request, model_admin):
        return [("yes", "有"), ("no", "没有")]

    def queryset(self, request, queryset):
        return queryset.filter(outline__isnull=self.value() == "no") if self.value() in ("yes", "no") else queryset


@admin.register(Division)
class DivisionAdmin(ReadOnly):
    menu_order = 80
    choice_relations = ("parent",)
    list_display = ("name", "level", "parent", "code")
    list_filter = ("level", InStreet, HasOutline)
    list_select_related = ("parent",)
    search_fields = ("name", "code", "parent__name")
    search_help_text = "可以搜名称、上级和区划代码。"
    fields = ("name", "level", "parent", "code")


@admin.register(PublishedFigure)
class PublishedFigureAdmin(ReadOnly):
    menu_order = 90
    list_display = ("label", "number", "unit", "at_least", "published_on", "source")
    list_filter = ("published_on", "at_least", "unit")
    search_fields = ("label", "key", "source")
    search_help_text = "可以搜说明和来源。"
    fields = ("key", "label", "number", "unit", "at_least", "published_on", "source", "order")
    readonly_fields = ("number",)

    @admin.display(description="数值", ordering="value")
    def number(self, figure):
        return amount(figure.value)


class PostingInline(ScopedTabularInline):
    model = Posting
    fields = ("role", "division", "branch", "since", "until")
    autocomplete_fields = ("branch",)
    verbose_name_plural = "岗位"
    note = "岗位决定能看什么、能改什么。卸任了请填结束日期，不用删除；从第二天起就没有权限了。"

    @property
    def sentences(self):
        """What each role may do, for the person who grants it."""
        return ROLES.values()


class CurrentRole(admin.SimpleListFilter):
    title = "现在的角色"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [*((role.key, role.name) for role in ROLES.values()), ("none", "没有岗位")]

    def queryset(self, request, queryset):
        current = Posting.objects.current()
        if self.value() == "none":
            return queryset.exclude(pk__in=current.values("user"))
        if self.value() in ROLES:
            return queryset.filter(pk__in=current.filter(role=self.value()).values("user"))
        return queryset


class NewUserForm(AdminUserCreationForm):
    usable_password = None  # staff always log in by password

    def save(self, commit=True):
        self.instance.must_change_password = True  # somebody else knows this one
        return super().save(commit)

    class Meta:
        model = User
        fields = ("username", "name")


class NewPasswordForm(AdminPasswordChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)  # staff always log in by password

    def save(self, commit=True):
        self.user.must_change_password = True  # somebody else knows this one
        return super().save(commit)


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("username", "name", "password", "is_active")
        labels = {"is_active": "账号在用"}
        help_texts = {"is_active": "人离开了，把这个勾去掉就停用了账号。账号和做过的事都会留着，不用删除。"}


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    """People who log in. District staff never meet an administrator here, and can make nobody one."""

    menu_order = 60

    form = UserForm
    add_form = NewUserForm
    add_form_template = "admin/change_form.html"
    change_password_form = NewPasswordForm
    inlines = (PostingInline,)
    list_display = ("username", "name", "posts", "is_active", "last_login")
    list_filter = (CurrentRole, "is_active", "last_login")
    search_fields = ("username", "name")
    search_help_text = "可以搜用户名和姓名。"
    ordering = ("username",)
    filter_horizontal = ()
    actions = ("remove_second_step",)
    readonly_fields = ("last_login",)
    fieldsets = (
        (None, {"fields": ("username", "name", "password")}),
        ("账号", {"fields": ("is_active", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "name")}),
        (
            "第一个密码",
            {"fields": ("password1", "password2"), "description": "当面告诉本人，请他登录以后马上自己改掉。"},
        ),
    )

    def get_queryset(self, request):
        posts = Posting.objects.select_related("division", "branch")
        return super().get_queryset(request).prefetch_related(Prefetch("postings", posts))

    def get_inlines(self, request, obj):
        return self.inlines

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 - Django's name for it
        """A new password for somebody else. One's own is changed where the old one is asked for."""
        if id == str(request.user.pk) and self.has_change_permission(request):
            return HttpResponseRedirect(reverse("account_change_password"))
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            user = User.objects.get(pk=id)
            record(Action.SECURITY, by=request.user, subject=user, label=user.username, reason="由别人重设了密码")
        return response

    @admin.action(description="关掉动态码（手机丢了或换了）", permissions=["change"])
    def remove_second_step(self, request, queryset):
        """For a lost telephone. One's own is changed where the present code is asked for."""
        users = list(self.changeable(request, queryset))
        if request.user in users:
            messages.warning(request, "自己的动态码不能在这里关，请在页面顶上的“动态码”里换。")
        count = sum(second_step.take_off(user, by=request.user) for user in users if user != request.user)
        messages.success(request, f"关掉了{count}个人的动态码，他们的登录都退出了。请他们登录以后马上重新设。")

    @admin.display(description="现在的岗位")
    def posts(self, user):
        today = timezone.localdate()
        current = [
            post for post in user.postings.all() if post.since <= today and (not post.until or post.until >= today)
        ]
        return "、".join(str(post) for post in current) or "没有岗位"

    def history_sources(self, user):
        return [user.history.all(), Posting.history.filter(user_id=user.pk)]

    history_hidden = ("is_superuser", "date_joined", "user")

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (form,), {"clean_is_active": _not_oneself(request)}) if obj == request.user else form


def _not_oneself(request):
    def clean_is_active(form):
        if not form.cleaned_data["is_active"]:
            raise ValidationError("不能停用自己的账号。请找另一位管理员。")
        return True

    return clean_is_active


@admin.register(Posting)
class PostingAdmin(ScopedAdmin):
    menu_order = 70
    list_display = ("user", "role", "division", "branch", "since", "until")
    autocomplete_fields = ("branch",)
    list_filter = ("role", "since", "until")
    list_select_related = ("user", "division", "branch")
    search_fields = ("user__username", "user__name", "division__name", "branch__name")
    search_help_text = "可以搜用户名、姓名、管辖范围和支部。"
    fields = ("user", "role", "division", "branch", "since", "until")

    def get_readonly_fields(self, request, obj=None):
        return ("user",) if obj else ()
