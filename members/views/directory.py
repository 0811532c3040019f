"""The directory: organisations, members, groups, convenors with vacancies. List, detail, edit."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.regions import names_of
from consult.regions.models import Region
from consult.web.views import DetailPage, FormPage, ListPage, Tab
from consult.web.views.detail import ByUuid
from members import services
from members.filters import ConvenorFilter, GroupFilter, MemberFilter, OrganisationFilter
from members.forms import ConvenorForm, EndForm, GroupForm, GroupMemberForm, MemberForm, OrganisationForm
from members.models import Convenor, GroupMembership, Member, MemberGroup, Organisation
from members.querysets import DIRECTORY_ROLES
from members.states import Role
from members.views.hosts import HostMixin

OPEN = (
    Tab("", pgettext_lazy("organisation", "Open"), Q(closed_on__isnull=True)),
    Tab("closed", pgettext_lazy("organisation", "Closed"), Q(closed_on__isnull=False)),
)
SERVING = (Tab("", _("Serving"), Q(until__isnull=True)), Tab("past", _("Former"), Q(until__isnull=False)))


class DirectoryList(HostMixin, ListPage):
    """Rows of the reader's CPPCC with the names of their divisions, in a fixed number of queries."""

    host_roles = (*DIRECTORY_ROLES, Role.SUPERVISOR)
    tab_param = "standing"

    def get_queryset(self):
        name = Region.objects.filter(code=OuterRef("region_code")).values("name")[:1]
        return self.rows().visible_to(self.request.user).annotate(region_name=Subquery(name))

    def rows(self):
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_edit = self.request.user.has_perm("members.edit_directory", self.host)
        return super().get_context_data(may_edit=may_edit, host=self.host, **kwargs)


class OrganisationList(DirectoryList):
    template_name, partial_template_name = "members/organisation_list.html", "members/_organisations.html"
    filterset_class = OrganisationFilter
    ordering = ("name", "pk")
    tabs = OPEN

    def rows(self):
        return Organisation.objects.exclude(kind="cppcc")


class MemberList(DirectoryList):
    template_name, partial_template_name = "members/member_list.html", "members/_members.html"
    filterset_class = MemberFilter
    ordering = ("name_key", "pk")
    tabs = SERVING

    def rows(self):
        return Member.objects.prefetch_related("posts")


class GroupList(DirectoryList):
    template_name, partial_template_name = "members/group_list.html", "members/_groups.html"
    filterset_class = GroupFilter
    ordering = ("name", "pk")
    tabs = OPEN

    def rows(self):
        current = GroupMembership.objects.filter(until__isnull=True).select_related("member")
        return MemberGroup.objects.prefetch_related(Prefetch("memberships", current, to_attr="current"))


class ConvenorList(DirectoryList):
    """The roster; townships without a convenor are listed above it."""

    template_name, partial_template_name = "members/convenor_list.html", "members/_convenors.html"
    filterset_class = ConvenorFilter
    ordering = ("region_code", "pk")
    tabs = SERVING

    def rows(self):
        return Convenor.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(vacant=vacant_townships(self.host), **kwargs)


def vacant_townships(host: Organisation) -> list[Region]:
    """Townships and subdistricts of the host's division without a serving convenor."""
    today = timezone.localdate()
    serving = Convenor.objects.of_host(host.pk).serving(today).values("region_code")
    townships = Region.objects.in_force().within(host.region_code).filter(level=4)
    return list(townships.exclude(code__in=serving).order_by("code")[:300])


class DirectoryDetail(DetailPage):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = names_of([self.object.region_code])
        return super().get_context_data(
            region_name=names.get(self.object.region_code, self.object.region_code),
            may_edit=self.request.user.has_perm("members.edit_directory", self.object),
            **kwargs,
        )


class OrganisationDetail(DirectoryDetail):
    template_name = "members/organisation.html"

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).select_related("parent", "host")


class MemberDetail(DirectoryDetail):
    template_name = "members/member.html"

    def get_queryset(self):
        members = Member.objects.visible_to(self.request.user).select_related("account", "employer")
        return members.prefetch_related("posts", "memberships__group")


class GroupDetail(DirectoryDetail):
    template_name = "members/group.html"

    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user).prefetch_related("memberships__member")


class ConvenorDetail(DirectoryDetail):
    template_name = "members/convenor.html"

    def get_queryset(self):
        return Convenor.objects.visible_to(self.request.user).select_related("account")


# editing --------------------------------------------------------------------------------------------------------------


class DirectoryForm(HostMixin, FormPage):
    """Enter a new row of the directory; the office does it."""

    host_roles = (Role.OFFICE,)

    def check(self) -> None:
        self.host  # noqa: B018  refuses whoever is no clerk

    def perform(self, form: Any) -> Any:
        return self.service(actor=self.request.user, host=self.host, **self.values(form))

    def values(self, form: Any) -> dict[str, Any]:
        return form.cleaned_data


class DirectoryEdit(ByUuid, DirectoryForm):
    """Correct a row: its fields are the form's."""

    fields: tuple[str, ...] = ()

    def setup(self, request, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = self.get_object() if request.user.is_authenticated else None

    def get_initial(self) -> dict[str, Any]:
        return {
            name: getattr(self.object, name) for name in self.get_form_class().base_fields if hasattr(self.object, name)
        }

    def get_back_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: Any) -> Any:
        return self.service(self.object, actor=self.request.user, **self.values(form))


class OrganisationNew(DirectoryForm):
    form_class, heading, back_url = OrganisationForm, _("Enter an organisation"), "members:organisations"
    service = staticmethod(services.register_organisation)


class OrganisationEdit(DirectoryEdit):
    form_class, heading = OrganisationForm, _("Correct the organisation")
    service = staticmethod(services.change_organisation)

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).exclude(kind="cppcc")


class _MemberValues:
    def values(self, form: Any) -> dict[str, Any]:
        values = dict(form.cleaned_data)
        since = values["since"]
        values["posts"] = [{"title": title, "since": since} for title in values.pop("posts")]
        values["region_code"] = values["region_code"] or self.host.region_code
        return values


class MemberNew(_MemberValues, DirectoryForm):
    form_class, heading, back_url = MemberForm, _("Enter a committee member"), "members:members"
    service = staticmethod(services.add_member)


class MemberEdit(_MemberValues, DirectoryEdit):
    form_class, heading = MemberForm, _("Correct the committee member")
    service = staticmethod(services.change_member)

    def get_queryset(self):
        return Member.objects.visible_to(self.request.user)

    def get_initial(self) -> dict[str, Any]:
        posts = [post.title for post in self.object.posts.all() if post.until is None]
        return {**super().get_initial(), "posts": "\n".join(posts)}


class GroupNew(DirectoryForm):
    form_class, heading, back_url = GroupForm, _("Found a member group"), "members:groups"
    service = staticmethod(services.found_group)


class GroupEdit(DirectoryEdit):
    form_class, heading = GroupForm, _("Correct the member group")
    service = staticmethod(services.change_group)

    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user)


class GroupAdd(DirectoryEdit):
    form_class, heading = GroupMemberForm, _("Add a member to the group")

    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> Any:
        services.add_to_group(self.object, actor=self.request.user, **form.cleaned_data)
        return self.object


class ConvenorNew(DirectoryForm):
    form_class, heading, back_url = ConvenorForm, _("Appoint a convenor"), "members:convenors"
    service = staticmethod(services.appoint_convenor)

    def get_initial(self) -> dict[str, Any]:
        return {"region_code": self.request.GET.get("township", "")}


class ConvenorEdit(DirectoryEdit):
    form_class, heading = ConvenorForm, _("Correct the convenor")
    service = staticmethod(services.change_convenor)

    def get_queryset(self):
        return Convenor.objects.visible_to(self.request.user)


class _EndPage(DirectoryEdit):
    """An end on a day: a term, a group, a unit."""

    form_class = EndForm

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("host")
        return kwargs


class OrganisationClose(_EndPage):
    heading, service = _("Close the organisation"), staticmethod(services.close_organisation)

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).exclude(kind="cppcc")


class MemberResign(_EndPage):
    heading, service = _("Record that the member left"), staticmethod(services.resign_member)

    def get_queryset(self):
        return Member.objects.visible_to(self.request.user)


class GroupDissolve(_EndPage):
    heading, service = _("Dissolve the group"), staticmethod(services.dissolve_group)

    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user)


class ConvenorDismiss(_EndPage):
    heading, service = _("End the term of office"), staticmethod(services.dismiss_convenor)

    def get_queryset(self):
        return Convenor.objects.visible_to(self.request.user)


class _MembershipPage(_EndPage):
    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user)

    def membership(self) -> GroupMembership:
        return get_object_or_404(self.object.memberships, pk=self.kwargs["membership"], until__isnull=True)

    def perform(self, form: Any) -> str:
        self.service(self.membership(), actor=self.request.user, **form.cleaned_data)
        return reverse("members:group", args=[self.object.uuid])


class GroupRemove(_MembershipPage):
    heading, service = _("Take the member out of the group"), staticmethod(services.remove_from_group)


class GroupLead(_MembershipPage):
    heading = _("Make this member the leader")

    def perform(self, form: Any) -> str:
        services.set_group_leader(self.membership(), actor=self.request.user)
        return reverse("members:group", args=[self.object.uuid])
