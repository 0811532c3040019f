"""Forms with {% once %}: identical POSTs have one effect and one answer; a refused one may be corrected."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from consult.idempotency import StoredAnswer
from consult.numbering import Number
from tests.consult.idempotency import forms_site
from tests.consult.idempotency.forms_site import send
from tests.factories import people

ONCE = "consult.idempotency.middleware.OnceMiddleware"
SITE = "tests.consult.idempotency.forms_site"


@pytest.fixture(autouse=True)
def site(settings):
    settings.ROOT_URLCONF = SITE
    settings.MIDDLEWARE = [*(name for name in settings.MIDDLEWARE if name != ONCE), ONCE]


@pytest.mark.django_db
def test_every_form_gets_a_key_of_its_own():
    keys = {re.search(r'name="_once" value="([0-9a-f-]{36})"', Client().get("/paper/").text)[1] for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.django_db
def test_the_second_identical_post_gets_the_first_ones_answer():
    client, key = Client(), uuid4()
    first, second = send(key, client), send(key, client)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/paper/1/")
    assert Number.objects.count() == 1


@pytest.mark.django_db
def test_another_form_is_another_effect_and_so_is_one_without_key():
    client = Client()
    assert send(uuid4(), client)["Location"] == "/paper/1/"
    assert send(uuid4(), client)["Location"] == "/paper/2/"
    assert [send("", client, _once=key)["Location"] for key in ("", "x")] == ["/paper/3/", "/paper/4/"]
    assert StoredAnswer.objects.count() == 2


@pytest.mark.django_db
def test_a_fragment_is_stored_with_status_headers_and_body():
    client, key = Client(), uuid4()
    first, second = (client.post("/note/", {"_once": key}) for _ in range(2))
    assert (first.status_code, first["HX-Trigger"], first["Content-Type"], first.content) == (
        second.status_code,
        second["HX-Trigger"],
        second["Content-Type"],
        second.content,
    )
    assert first.content == b"<p>1</p>"


@pytest.mark.django_db
@pytest.mark.parametrize(("title", "status"), [("", 200), ("refused", 409), ("crash", 500)])
def test_a_refused_form_leaves_nothing_and_may_be_sent_again(title, status, settings):
    settings.TEMPLATES = _with_template(settings)
    client, key = Client(raise_request_exception=False), uuid4()
    assert send(key, client, title).status_code == status
    assert not Number.objects.exists() and not StoredAnswer.objects.exists()
    assert send(key, client, "corrected")["Location"] == "/paper/1/"


@pytest.mark.django_db
def test_a_sent_form_sent_again_with_other_content_is_refused_and_shows_what_was_saved(settings):
    settings.TEMPLATES = _with_template(settings)
    client, key = Client(), uuid4()
    send(key, client)
    again = send(key, client, "B")
    assert again.status_code == 409
    assert "/paper/1/" in again.text
    assert Number.objects.count() == 1


@pytest.mark.django_db
def test_the_key_of_one_person_means_nothing_to_another():
    key, clients = uuid4(), [Client(), Client()]
    for client in clients:
        client.force_login(people.account("office", people.host()))
    assert [send(key, client)["Location"] for client in clients] == ["/paper/1/", "/paper/2/"]
    assert (
        sorted(owner.partition(":")[0] for owner in StoredAnswer.objects.values_list("owner", flat=True))
        == ["account"] * 2
    )


@pytest.mark.django_db
def test_attachments_belong_to_the_content(settings):
    settings.TEMPLATES = _with_template(settings)
    client, key = Client(), uuid4()

    def attached(content):
        return send(key, client, photo=SimpleUploadedFile("a.jpg", content))

    assert [attached(b"one").status_code for _ in range(2)] == [302, 302]
    assert attached(b"two").status_code == 409
    assert Number.objects.count() == 1


@pytest.mark.django_db
def test_no_cookie_is_ever_stored():
    client = Client()
    client.get("/paper/")
    send(uuid4(), client)
    assert {name.lower() for name in StoredAnswer.objects.get().headers} <= {"location", "content-type"}


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_twenty_four_identical_posts_at_once_have_one_effect_and_one_answer():
    key, start, answers = uuid4(), threading.Barrier(24), []
    account = people.account("office", people.host())
    clients = [Client() for _ in range(24)]
    for client in clients:
        client.force_login(account)

    def click(client):
        start.wait(20)
        try:
            response = send(key, client)
            answers.append((response.status_code, response.headers.get("Location")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [(302, "/paper/1/")] * 24
    assert Number.objects.count() == StoredAnswer.objects.count() == 1


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failpoint", "numbers"), [("before_commit:exit", 0), ("after_commit:exit", 1), ("before_commit:raise", 0)]
)
def test_a_crash_around_the_commit_is_mended_by_sending_again(failpoint, numbers):
    account = people.account("office", people.host())
    key, client = uuid4(), Client()
    client.force_login(account)
    died = _send_in_another_process(key, client.cookies["sessionid"].value, FAILPOINT=failpoint)
    assert died.returncode == (0 if failpoint.endswith("raise") else 137), died.stderr
    assert Number.objects.count() == StoredAnswer.objects.count() == numbers
    assert [send(key, client)["Location"] for _ in range(2)] == ["/paper/1/"] * 2
    assert Number.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_failpoints_do_nothing_unless_the_environment_says_testing():
    account = people.account("office", people.host())
    client = Client()
    client.force_login(account)
    lived = _send_in_another_process(
        uuid4(), client.cookies["sessionid"].value, TESTING="0", FAILPOINT="after_commit:exit"
    )
    assert (lived.returncode, lived.stdout.strip()) == (0, "302 /paper/1/"), lived.stderr


def _send_in_another_process(key, session, **environment):
    code = f"""
import django
django.setup()
from django.conf import settings
settings.ROOT_URLCONF = {SITE!r}
settings.MIDDLEWARE = [*(name for name in settings.MIDDLEWARE if name != {ONCE!r}), {ONCE!r}]
from django.test import Client
from {SITE} import send
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = {session!r}
response = send({str(key)!r}, client)
print(response.status_code, response.headers.get("Location"))
"""
    env = {
        **os.environ,
        "TESTING": "1",
        "DJANGO_SETTINGS_MODULE": "consult.settings.test",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
        **environment,
    }
    root = Path(forms_site.__file__).parents[3]
    return subprocess.run([sys.executable, "-c", code], env=env, cwd=root, capture_output=True, text=True, timeout=60)


def _with_template(settings):
    """The refusal page reduced to what these tests read."""
    [engine] = settings.TEMPLATES
    page = {"409.html": "{{ sentence }} {{ location }}", "500.html": "500"}
    loaders = [("django.template.loaders.locmem.Loader", page), "django.template.loaders.app_directories.Loader"]
    return [{**engine, "APP_DIRS": False, "DIRS": [], "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}]
