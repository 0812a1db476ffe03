"""The pages about one's own account: what is used of allauth. Nothing else of it has an address."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.decorators.cache import never_cache


class WithOurSite:
    """allauth hands its own idea of a `site` to the pages of the entrance; ours is the one they show."""

    def get_context_data(self, **kwargs):
        return {name: value for name, value in super().get_context_data(**kwargs).items() if name != "site"}


class LogIn(WithOurSite, account.LoginView):
    pass


class SecondStep(WithOurSite, second_step.AuthenticateView):
    pass


PAGES = [
    ("login/", LogIn.as_view(), "account_login"),
    ("logout/", account.logout, "account_logout"),
    ("password/", account.password_change, "account_change_password"),
    ("again/", account.reauthenticate, "account_reauthenticate"),
    ("second-step/", second_step.index, "mfa_index"),
    ("second-step/code/", SecondStep.as_view(), "mfa_authenticate"),
    ("second-step/again/", second_step.reauthenticate, "mfa_reauthenticate"),
    ("second-step/set-up/", totp.activate_totp, "mfa_activate_totp"),
    ("second-step/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    ("second-step/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    ("second-step/recovery-codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
]

urlpatterns = [path(route, never_cache(view), name=name) for route, view, name in PAGES]
