"""For `./run bench`: the demo's settings, and the bare pages beside ours."""

from consult.settings.base import *  # noqa: F403
from consult.settings.base import INSTALLED_APPS

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "consult.bench"]
ROOT_URLCONF = "consult.bench.urls"
LOGGING_CONFIG = None  # what the requests of a measurement log is not read by anybody
DELIVERY_CHANNELS = {"email": "consult.bench.gateway.GatewayChannel"}
DELIVERY_QUIET_HOURS = None  # a measurement at night is none of sleepers
