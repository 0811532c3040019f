"""Where the pages of a matter are found; every move of the table that is not driven has one."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from topics import forms, services, views
from topics.forms.oversight import AnswerNoteForm, NoteForm
from topics.views.moves import Approve, Complete, Study
from topics.views.oversight import OversightList
from topics.views.slips import Unfollow
from topics.views.visits import VisitMove, VisitPage

app_name = "topics"


def move(verb: str, service: Any, form_class: Any = forms.OnForm, view: Any = views.TopicMove, consequence: Any = ""):
    page = view.as_view(verb=verb, service=service, form_class=form_class, consequence=consequence)
    return path(f"<uuid:uuid>/{verb.replace('_', '-')}/", page, name=verb)


def visit(verb: str, service: Any, form_class: Any):
    page = VisitMove.as_view(verb=verb, service=service, form_class=form_class)
    return path(f"visits/<uuid:uuid>/{verb.replace('_', '-')}/", page, name=verb)


HEARD = _("The raiser hears of it at once.")

urlpatterns = [
    path("", views.TopicList.as_view(), name="list"),
    path("oversight/", OversightList.as_view(), name="oversight"),
    path("today/", views.DealtWithToday.as_view(), name="today"),
    path("to-claim/", views.ToClaim.as_view(), name="to_claim"),
    path("new/", views.HandIn.as_view(), name="hand_in"),
    path("similar/", views.Similar.as_view(), name="similar"),
    *[
        path(f"several/{verb}/", views.BulkMove.as_view(verb=verb), name=f"several_{verb}")
        for verb in views.BulkMove.FORMS
    ],
    path("raisers/<uuid:uuid>/receipt/", views.Receipt.as_view(), name="receipt"),
    path("raisers/<uuid:uuid>/contact/", views.Contact.as_view(), name="show_contact"),
    path("visits/<uuid:uuid>/", VisitPage.as_view(), name="visit"),
    visit("accept", services.accept_visit, forms.AcceptVisitForm),
    visit("set_aside", services.set_aside_visit, forms.SetAsideForm),
    path("<uuid:uuid>/", views.TopicDetail.as_view(), name="detail"),
    path("<uuid:uuid>/preview/", views.TopicPreview.as_view(), name="preview"),
    path("<uuid:uuid>/follow/", views.Follow.as_view(), name="follow"),
    path("<uuid:uuid>/unfollow/", Unfollow.as_view(), name="unfollow"),
    path("<uuid:uuid>/photos/", views.AddPhotos.as_view(), name="photos"),
    path("<uuid:uuid>/files/<uuid:file>/", views.TopicFile.as_view(), name="file"),
    move("submit", services.submit_topic),
    move("return_topic", services.return_topic, forms.SimpleReasonForm, consequence=HEARD),
    move("resubmit", services.resubmit_topic, forms.CompleteForm, Complete),
    move("lapse", services.lapse_topic, consequence=HEARD),
    move("pool", services.pool_topic, forms.PoolForm),
    move("decline", services.decline_topic, forms.AnswerForm, consequence=HEARD),
    move("transfer", services.transfer_topic, forms.TransferForm, consequence=HEARD),
    move("merge", services.merge_topic, forms.MergeForm, consequence=HEARD),
    move("split", services.split_topic, forms.SplitForm),
    move("reconsider", services.reconsider_topic, forms.SimpleReasonForm),
    move("change_profile", services.change_profile, forms.ProfileForm),
    move("approve", services.approve_topic, forms.ApproveForm, Approve),
    move("drop", services.drop_topic, forms.SimpleReasonForm, consequence=HEARD),
    move("claim", services.claim_topic, forms.ClaimForm),
    move("release_claim", services.release_claim, forms.SimpleReasonForm, consequence=HEARD),
    move("study", services.study_topic, forms.StudyForm, Study),
    move("reopen", services.reopen_topic, forms.SimpleReasonForm, consequence=HEARD),
    move("withdraw", services.withdraw_topic, forms.SimpleReasonForm),
    move("urge_note", services.urge_topic, NoteForm),
    move("answer_note", services.answer_topic_note, AnswerNoteForm),
]
