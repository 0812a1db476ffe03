"""Rules of passwords beyond Django's own, each switched on in settings.AUTH_PASSWORD_VALIDATORS."""

from django.core.exceptions import ValidationError

KINDS = {
    "小写字母": str.islower,
    "大写字母": str.isupper,
    "数字": str.isdigit,
    "符号": lambda character: not character.isalnum(),
}


class Length:
    """At least `least` characters, `least_for_technicians` for those who may do everything. No upper limit."""

    def __init__(self, least, least_for_technicians):
        self.least, self.least_for_technicians = least, least_for_technicians

    def needed(self, user):
        return self.least_for_technicians if getattr(user, "is_superuser", False) else self.least

    def validate(self, password, user=None):
        if len(password) < self.needed(user):
            raise ValidationError(f"密码太短，至少要{self.needed(user)}个字符。", code="password_too_short")

    def get_help_text(self):
        return f"至少{self.least}个字符（技术管理员至少{self.least_for_technicians}个），越长越好。"


class KindsOfCharacters:
    """At least three of four kinds: what an assessment for 等保 may ask for."""

    least = 3

    def validate(self, password, user=None):
        found = [kind for kind, is_one in KINDS.items() if any(is_one(character) for character in password)]
        if len(found) < self.least:
            raise ValidationError(f"{self.get_help_text()}现在只有：{'、'.join(found)}。", code="password_too_plain")

    def get_help_text(self):
        return f"{'、'.join(KINDS)}，要有其中{self.least}种。"


class NotTheName:
    """Not the user name or the person's name with something around it."""

    def validate(self, password, user=None):
        names = [getattr(user, field, None) or "" for field in ("username", "name")]
        if any(len(name) > 1 and name.casefold() in password.casefold() for name in names):
            raise ValidationError("密码里不要有用户名或者姓名。", code="password_holds_name")

    def get_help_text(self):
        return "不要有用户名或者姓名。"
