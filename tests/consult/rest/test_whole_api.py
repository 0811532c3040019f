"""What holds for every endpoint of the project, whichever app adds it."""

import io

import pytest
from django.core.management import call_command
from drf_spectacular.drainage import GENERATOR_STATS

from consult.rest.viewsets import StatefulViewSet, StrictView
from consult.urls import router

PUBLIC = {"regions", "notices"}
ENDPOINTS = [pytest.param(prefix, viewset, id=prefix) for prefix, viewset, _name in router.registry]


@pytest.fixture(autouse=True)
def _stub_api(settings):
    settings.ROOT_URLCONF = "consult.urls"


@pytest.mark.parametrize(("prefix", "viewset"), ENDPOINTS)
def test_every_endpoint_is_strict_and_none_writes_a_state(prefix, viewset):
    assert issubclass(viewset, StrictView)
    assert not [name for name in ("update", "partial_update", "destroy") if hasattr(viewset, name)]


@pytest.mark.parametrize(("prefix", "viewset"), ENDPOINTS)
def test_every_move_of_the_table_has_an_address(prefix, viewset):
    workflow = getattr(viewset, "workflow", None)
    if not issubclass(viewset, StatefulViewSet) or workflow is None:
        pytest.skip("has no moves")
    verbs = {step.verb for step in workflow if not step.driven and not step.creates}
    assert verbs <= {action.url_path for action in viewset.get_extra_actions()}


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "viewset"), ENDPOINTS)
def test_anonymous_callers_read_regions_and_notices_only(client, prefix, viewset):
    if not hasattr(viewset, "list"):
        pytest.skip("has no list")
    assert client.get(f"/api/v1/{prefix}/").status_code == (200 if prefix in PUBLIC else 401)
    assert client.post(f"/api/v1/{prefix}/", b"{}", content_type="application/json").status_code in (401, 405)


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "viewset"), ENDPOINTS)
@pytest.mark.parametrize("query", ["nosuch=1", "ordering=nosuch", "page_size=abc", "cursor=x", "token=x"])
def test_every_list_is_strict(caller, prefix, viewset, query):
    if not hasattr(viewset, "list"):
        pytest.skip("has no list")
    assert caller.get(f"{prefix}/?{query}").status_code == 400


@pytest.mark.django_db
def test_the_schema_of_the_whole_project_is_valid_and_complete(capsys):
    GENERATOR_STATS.reset()
    call_command("spectacular", validate=True, format="openapi-json", stdout=io.StringIO())
    assert "Error" not in capsys.readouterr().err
    assert not GENERATOR_STATS, str(GENERATOR_STATS)
