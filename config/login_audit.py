"""What the audit trail keeps of logging in: who got in, who did not, who left, and what changed about an account."""

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from simple_history.signals import post_create_historical_record

from branches.audit import Action, record
from branches.models import Posting, User

STEPS = {"totp": "动态码", "recovery_codes": "备用码"}


def _account(username):
    """What may be kept of a name somebody typed: a name that exists. People type passwords into the wrong field."""
    user = get_user_model().objects.filter(username=username).first()
    return {"subject": user, "label": user.username} if user else {"label": "没有这个用户名"}


@receiver(account_signals.user_logged_in)
def logged_in(sender, user, **signal):
    record(Action.LOG_IN, by=user, subject=user, label=user.username)


@receiver(user_login_failed)
def password_was_wrong(sender, credentials, **signal):
    record(Action.LOG_IN_FAILED, **_account(credentials.get("username", "")))


def shut_out(username):
    """Note that this try was one too many: nobody gets in for a while by this name or from this address."""
    record(Action.LOG_IN_FAILED, reason="连续输错，停15分钟", **_account(username))


@receiver(mfa_signals.authentication_failed)
def code_was_wrong(sender, user, **signal):
    record(Action.LOG_IN_FAILED, subject=user, label=user.username, reason="动态码不对")


@receiver(user_logged_out)
def logged_out(sender, user, request, **signal):
    if user is not None:
        ended = getattr(request, "session_ended", "")
        record(Action.LOG_OUT, by=user, subject=user, label=user.username, reason=ended)


@receiver((account_signals.password_changed, account_signals.password_set))
def password_changed(sender, user, **signal):
    record(Action.SECURITY, by=user, subject=user, label=user.username, reason="改了自己的密码")


@receiver(mfa_signals.authenticator_added)
def second_step_added(sender, user, authenticator, **signal):
    _about_second_step(user, f"启用了{STEPS[authenticator.type]}")


@receiver(mfa_signals.authenticator_removed)
def second_step_removed(sender, user, authenticator, **signal):
    _about_second_step(user, f"关掉了{STEPS[authenticator.type]}")


@receiver(mfa_signals.authenticator_reset)
def recovery_codes_renewed(sender, user, **signal):
    _about_second_step(user, "换了新的备用码")


@receiver(mfa_signals.authenticator_used)
def recovery_code_used(sender, user, authenticator, **signal):
    if authenticator.type == "recovery_codes":
        _about_second_step(user, "用掉了一个备用码")


def _about_second_step(user, what):
    record(Action.SECURITY, by=user, subject=user, label=user.username, reason=what)


@receiver(post_create_historical_record, sender=Posting.history.model)
def posting_changed(sender, instance, history_instance, **signal):
    before = history_instance.prev_record if history_instance.history_type == "~" else None
    if before is not None and not history_instance.diff_against(before).changes:
        return  # saved as it was
    record(
        Action.ROLE,
        by=history_instance.history_user,
        subject=instance,
        label=f"{instance.user.username}：{instance}",
        reason=history_instance.history_change_reason or "",
        since=instance.since,
        until=instance.until,
    )


@receiver(post_create_historical_record, sender=User.history.model)
def account_switched(sender, instance, history_instance, **signal):
    before = history_instance.prev_record if history_instance.history_type == "~" else None
    if before is not None and before.is_active != instance.is_active:
        record(
            Action.SECURITY,
            by=history_instance.history_user,
            subject=instance,
            label=instance.username,
            reason="账号重新启用" if instance.is_active else "账号停用",
        )
