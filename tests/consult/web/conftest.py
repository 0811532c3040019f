from pathlib import Path

import pytest
import rules

from tests.consult.web.gallery import site
from tests.factories import people

PERMS = [f"gallery.{verb}_paper" for verb in ("sign", "turn_back", "annotate", "lend", "copy")]


@pytest.fixture
def gallery(settings):
    """The site of shared parts, with every move open to everybody who is signed in."""
    templates = settings.TEMPLATES[0]
    folder = Path(__file__).parent / "gallery" / "templates"
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], folder]}]
    settings.ROOT_URLCONF = site.__name__
    settings.LOGIN_URL = "/board/"
    site.paper.state, site.paper.calls = "filed", []
    for perm in PERMS:
        rules.set_perm(perm, rules.is_authenticated)
    yield site
    for perm in PERMS:
        rules.remove_perm(perm)


@pytest.fixture
def clerk(db):
    return people.account("office", people.host())


@pytest.fixture
def signed_in(client, clerk):
    client.force_login(clerk)
    return client
