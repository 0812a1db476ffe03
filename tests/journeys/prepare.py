"""Prepare a demo for journeys as `manage.py prepare` does, but with a fifth of the register: no public page shows it.

At its real size the register is loaded in tests/branches/test_demo_register.py.
"""

import os
from dataclasses import replace
from unittest.mock import patch

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from config.management.commands import load_demo

    fifth = replace(load_demo.REGISTER, members=1400, compounds=50, buildings=1000)
    with patch.object(load_demo, "REGISTER", fifth):
        call_command("prepare")
