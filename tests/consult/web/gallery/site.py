"""A small site of the shared parts alone: what pages will look like and how they answer, before there are any."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import django_filters
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from consult.errors import FourEyes, LostRace, Missing, NotAllowed
from consult.regions import Region
from consult.web.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    LinesField,
    MomentField,
    MoneyField,
    PhoneField,
    PlainForm,
    ReasonField,
    RegionField,
    Segments,
)
from consult.web.views import DetailPage, FormPage, ListPage, MovePage, Tab
from consult.workflow import Workflow, move

WORKFLOW = Workflow(
    "paper",
    "gallery",
    move("sign", "Sign", {"filed"}, "signed", style="ink"),
    move("turn_back", "Turn back", {"filed"}, "draft", style="danger"),
    move("annotate", "Annotate", {"filed", "signed"}, None),
    move("lend", "Lend", {"filed"}, None),
    move("copy", "Copy", {"filed"}, None),
    move("age", "Age", {"filed"}, None, driven=True),
)
UUID = uuid.UUID("11111111-2222-4333-8444-555555555555")


class Paper:
    """Something with a state that is in no database."""

    _meta = SimpleNamespace(model_name="minutes", app_label="gallery")

    def __init__(self, state="filed"):
        self.pk, self.uuid, self.state, self.calls = 1, UUID, state, []

    def __str__(self):
        return "嘎古村鱼塘发包协商纪要"

    def get_absolute_url(self):
        return f"/papers/{self.uuid}/"


class Papers:
    """As much of a queryset as the views use."""

    def __init__(self, *papers):
        self.papers = papers

    def filter(self, uuid):
        return Papers(*(paper for paper in self.papers if paper.uuid == uuid))

    def first(self):
        return self.papers[0] if self.papers else None


paper = Paper()


class PaperDetail(DetailPage):
    template_name, workflow, context_object_name = "gallery/paper.html", WORKFLOW, "paper"

    def get_queryset(self):
        return Papers(paper)


class PaperMove(MovePage):
    workflow = WORKFLOW

    def get_queryset(self):
        return Papers(paper)


class ReasonForm(PlainForm):
    reason = ReasonField()


def turn_back(subject, *, actor, reason):
    """A service that refuses in every way a service can."""
    refusals = {
        "gate": Missing({"reason": "写得太短"}),
        "elsewhere": Missing({"other": "还差附件"}),
        "race": LostRace(),
        "mine": FourEyes(),
        "stranger": NotAllowed(),
    }
    if reason in refusals:
        raise refusals[reason]
    subject.calls.append(reason)
    return subject


class RegionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="名称", method="named")
    level = django_filters.ChoiceFilter(label="层级", choices=[(3, "县"), (4, "乡镇"), (5, "村")])
    parent = django_filters.CharFilter(label="上级", field_name="parent_code")

    class Meta:
        model = Region
        fields = []

    def named(self, rows, name, value):
        return rows.filter(name__contains=value)


class RegionList(ListPage):
    template_name, partial_template_name = "gallery/list.html", "gallery/_table.html"
    filterset_class = RegionFilter
    ordering, page_size = ("code",), 5
    sorts = {"name": ("name", "code"), "-name": ("-name", "-code")}
    tabs = (Tab("5", "村"), Tab("4", "乡镇"), Tab("", "全部"))
    tab_field = "level"

    def get_queryset(self):
        return Region.objects.all()


class EverythingForm(PlainForm):
    title = CleanCharField(label="标题", max_length=100)
    problem = CleanTextField(label="什么事", max_length=300, help_text="说清楚是什么事、影响了谁、多久了。")
    region_code = RegionField(within=["341103"])
    phone = PhoneField(required=False)
    funds = MoneyField(label="资金", required=False)
    due = DayField(label="承诺时限", help_text="写到日，例如 2026-12-20")
    starts = MomentField(label="开会时间", required=False)
    kind = forms.ChoiceField(
        label="办到哪一步", widget=Segments, choices=[("a", "还没开始"), ("b", "正在办"), ("c", "办好了，请核验")]
    )
    source = forms.ChoiceField(label="来源", choices=[("", "请选择"), ("resident", "群众点单"), ("party", "党委出题")])
    findings = LinesField(label="发现", required=False)
    public = forms.BooleanField(label="这段说明张榜公示", required=False)


class Everything(FormPage):
    form_class, heading, template_name = EverythingForm, "登记点单", "ui/form.html"
    back_url = "/papers/"

    def perform(self, form):
        paper.calls.append(form.cleaned_data)
        return paper


class Trouble(TemplateView):
    def get(self, request, *args, **kwargs):
        raise {"four": FourEyes, "race": LostRace, "gate": Missing}[kwargs["kind"]]()


@method_decorator(login_not_required, name="dispatch")
class Gallery(TemplateView):
    template_name = "gallery/signs.html"


class Host:
    name, phone, is_sample = "政协云亭县委员会", "0000-1234567", True

    def __str__(self):
        return "云亭县政协"


@method_decorator(login_not_required, name="dispatch")
class Board(TemplateView):
    template_name = "gallery/board.html"
    extra_context = {
        "host": Host(),
        "steps": [
            {"title": "群众点单", "lines": ["9 月 21 日", "12 户居民联名"]},
            {"title": "委员接单", "lines": ["9 月 23 日", "万桥社区委员小组"]},
            {"title": "协商解单", "lines": ["10 月 12 日", "8 方到场，共识 4 条"]},
            {"title": "跟进查单", "lines": ["11 月 5 日办结", "满意 96.2%"]},
        ],
    }


class SignIn(Gallery):
    template_name = "gallery/sign_in.html"


def steps(view):
    return [
        path(f"papers/<uuid:uuid>/{verb}/", view.as_view(verb=verb, **kwargs), name=verb)
        for verb, kwargs in {
            "sign": {"service": lambda subject, *, actor: subject.calls.append("signed")},
            "turn_back": {"service": turn_back, "form_class": ReasonForm, "consequence": "退回后起草人会收到消息。"},
            "annotate": {"service": turn_back},
            "lend": {"service": turn_back},
            "copy": {"service": turn_back},
        }.items()
    ]


urlpatterns = [
    path("", Gallery.as_view()),
    path("board/", Board.as_view()),
    path("sign-in/", SignIn.as_view()),
    path("regions/", RegionList.as_view(), name="region-list"),
    path("papers/", include(([], "papers"))),
    path("papers/<uuid:uuid>/", PaperDetail.as_view()),
    path("", include((steps(PaperMove), "gallery"))),
    path("everything/", Everything.as_view(), name="everything"),
    path("trouble/<str:kind>/", Trouble.as_view()),
    path("ui/", include("consult.web.urls")),
]
