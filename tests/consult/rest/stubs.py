"""A small API over organisations, with stub services: what is tested is the shared part, not a domain."""

from __future__ import annotations

import django_filters
import rules
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from consult.errors import Missing, WrongState
from consult.rest.api.regions import RegionViewSet
from consult.rest.api.tokens import TokenViewSet
from consult.rest.moves import Move
from consult.rest.serializers import (
    ActionsField,
    LineField,
    Reference,
    StrictModelSerializer,
    StrictSerializer,
    TextField,
)
from consult.rest.views import NothingHere
from consult.rest.viewsets import StatefulViewSet
from consult.workflow import Workflow, four_eyes, move
from members.models import Organisation

WORKFLOW = Workflow(
    "unit",
    "stubs",
    move("rename", "Rename", {"department"}),
    move("close", "Close", {"department"}, "township"),
    move("sign", "Sign", {"department"}),
    move("fold", "Fold", {"department"}, driven=True),
)


@rules.predicate
def is_office(actor, subject=None):
    return subject is None or actor.mandate_for("office", host_id=subject.host_id) is not None


@rules.predicate
def is_not_own(actor, subject=None):
    return subject is None or subject.phone != actor.username


for verb in ("rename", "close"):
    rules.set_perm(f"stubs.{verb}_unit", is_office)
rules.set_perm("stubs.sign_unit", is_office & is_not_own)
four_eyes("stubs.sign_unit", is_not_own)

calls: list[tuple] = []


def _state(self):
    return self.kind


Organisation.state = property(_state)


def rename_unit(unit, *, actor, name):
    """Give the unit another name."""
    calls.append(("rename", unit.pk, actor.pk, name))
    Organisation.objects.filter(pk=unit.pk).update(name=name)
    if name == "出故障":
        raise ZeroDivisionError
    if name == "会失败":
        raise Missing({"name": "换一个名称"})


def close_unit(unit, *, actor):
    calls.append(("close", unit.pk, actor.pk))
    raise WrongState("已经撤销")


def sign_unit(unit, *, actor, note, beside=None):
    calls.append(("sign", unit.pk, note, beside))


def create_unit(*, actor, name, host):
    """Enter a unit."""
    calls.append(("create", actor.pk, name))
    return Organisation.objects.create(name=name, host=host, kind="department", region_code=host.region_code)


class NameInput(StrictSerializer):
    name = LineField(max_length=20)


class SignInput(StrictSerializer):
    note = TextField(max_length=2000)
    beside = Reference(Organisation.objects.all(), required=False)


class CreateInput(StrictSerializer):
    name = LineField(max_length=20)
    host = Reference(Organisation.objects.all())


class UnitSerializer(StrictModelSerializer):
    host = Reference(read_only=True)
    actions = ActionsField()

    class Meta:
        model = Organisation
        fields = ["uuid", "name", "kind", "host", "closed_on", "actions"]
        read_only_fields = fields


class UnitFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=[("department", "部门"), ("cppcc", "政协")])
    closed = django_filters.DateFromToRangeFilter(field_name="closed_on")
    name = django_filters.MultipleChoiceFilter(choices=[("甲", "甲"), ("乙", "乙")])

    class Meta:
        model = Organisation
        fields: list[str] = []


class UnitViewSet(StatefulViewSet):
    workflow = WORKFLOW
    serializer_class = UnitSerializer
    filterset_class = UnitFilter
    ordering_fields = ("name", "closed_on")
    ordering = ("-pk",)
    moves = {
        "rename": (rename_unit, NameInput),
        "close": close_unit,
        "sign": Move(sign_unit, SignInput, summary="Put a name under it."),
    }
    create_service = create_unit
    create_serializer_class = CreateInput

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).select_related("host").order_by()


router = DefaultRouter()
router.include_format_suffixes = False
for prefix, viewset in (("units", UnitViewSet), ("regions", RegionViewSet), ("tokens", TokenViewSet)):
    router.register(prefix, viewset, basename=prefix)

urlpatterns = [
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view()),
    re_path(r"^api/", NothingHere.as_view()),
]
