"""What the processes under fault run on: settings of tests, connections kept as in life, and a mail gateway."""

import os

from consult.settings.test import *  # noqa: F403
from consult.settings.test import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = 60
if os.environ.get("GATEWAY"):
    EMAIL_BACKEND = "tests.faults.gateway.EmailBackend"
