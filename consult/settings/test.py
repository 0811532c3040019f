"""Tests: quick passwords, mail in memory, static files under their own names."""

import os

from consult.settings.base import *  # noqa: F403
from consult.settings.base import DATABASES, STORAGES

SECRET_KEY = "only-for-tests-" + "0" * 50
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DELIVERY_QUIET_HOURS = None  # tests run at night, too
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Threads of a race test and of the live server come and go; none may keep a connection to the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# The plugin names both: a database per run, copied from a migrated one (consult/launcher/pytest_plugin.py).
DATABASES["default"]["TEST"] = {
    "NAME": os.environ.get("CONSULT_TEST_DATABASE") or "test_consult",
    "TEMPLATE": os.environ.get("CONSULT_TEST_TEMPLATE") or None,
}
