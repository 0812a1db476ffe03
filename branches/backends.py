"""Log-in by user name and password; permissions from postings."""

from functools import cache

from django.contrib.auth.backends import ModelBackend

from branches.access import GRANTS, Action, allowed


@cache  # a page of the admin asks dozens of times; what is granted is declared once, before the first request
def _model_called(app_label, model_name):
    called = (app_label, model_name)
    return next((model for model in GRANTS if (model._meta.app_label, model._meta.model_name) == called), None)


class PostingBackend(ModelBackend):
    """Django's permission questions answered from postings.

    `obj` narrows the question to one row: the permission holds only where `visible_to` shows that row.
    """

    def has_perm(self, user_obj, perm, obj=None):
        app_label, _, codename = perm.partition(".")
        verb, _, model_name = codename.partition("_")
        model = _model_called(app_label, model_name)
        if model is None or verb not in Action or not allowed(user_obj, Action(verb), model):
            return False
        return obj is None or model._default_manager.visible_to(user_obj, Action(verb)).filter(pk=obj.pk).exists()

    def has_module_perms(self, user_obj, app_label):
        return user_obj.is_active and any(
            model._meta.app_label == app_label and allowed(user_obj, Action.VIEW, model) for model in GRANTS
        )

    def get_all_permissions(self, user_obj, obj=None):
        return {
            f"{model._meta.app_label}.{action}_{model._meta.model_name}"
            for model in GRANTS
            for action in Action
            if allowed(user_obj, action, model)
        }
