"""Where the pages of sessions, minutes and rooms are found; every move of the tables that is not driven has one."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from sessions import forms, services, views

app_name = "sessions"

TOLD = _("Everybody on the list with an account is told.")
ASKED = _("Everybody on the roster with an account may read the draft from now on and remark on it.")
HEARD = _("Everybody who was told hears of it at once.")


def move(verb: str, service: Any, form_class: Any, view: Any = views.SessionMove, consequence: Any = "") -> Any:
    page = view.as_view(verb=verb, service=service, form_class=form_class, consequence=consequence)
    return path(f"<uuid:uuid>/{verb.replace('_', '-')}/", page, name=verb)


def minutes(verb: str, service: Any, form_class: Any, view: Any = views.MinutesMove, consequence: Any = "") -> Any:
    page = view.as_view(verb=verb, service=service, form_class=form_class, consequence=consequence)
    return path(f"minutes/<uuid:uuid>/{verb.partition('_')[0]}/", page, name=verb)


urlpatterns = [
    path("", views.SessionList.as_view(), name="list"),
    path("plan/", views.Plan.as_view(), name="plan"),
    path("log/", views.Log.as_view(), name="log"),
    path("rooms/", views.RoomList.as_view(), name="rooms"),
    path("rooms/new/", views.RoomNew.as_view(), name="room_new"),
    path("rooms/<uuid:uuid>/", views.RoomDetail.as_view(), name="room"),
    path("rooms/<uuid:uuid>/change/", views.RoomChange.as_view(), name="room_change"),
    path("rooms/<uuid:uuid>/close/", views.RoomClose.as_view(), name="room_close"),
    path("rooms/<uuid:uuid>/reopen/", views.RoomReopen.as_view(), name="room_reopen"),
    path("replies/<uuid:uuid>/", views.InvitationReply.as_view(), name="reply"),
    path("calendar/", views.CalendarPage.as_view(), name="calendar"),
    # minutes
    path("minutes/<uuid:uuid>/", views.MinutesPage.as_view(), name="minutes"),
    path("minutes/<uuid:uuid>/print/", views.MinutesPaper.as_view(), name="print_minutes"),
    path("minutes/<uuid:uuid>/versions/", views.MinutesVersions.as_view(), name="versions"),
    path("minutes/<uuid:uuid>/files/<uuid:file>/", views.MinutesFile.as_view(), name="minutes_file"),
    minutes("revise_minutes", services.revise_minutes, forms.ReviseForm, views.ReviseMinutes),
    minutes("circulate_minutes", services.circulate_minutes, forms.PlainMoveForm, consequence=ASKED),
    minutes("comment_minutes", services.comment_minutes, forms.CommentForm, views.CommentMinutes),
    path("minutes/<uuid:uuid>/links/", views.RemarkLinks.as_view(), name="remark_links"),
    path(
        "minutes/<uuid:uuid>/links/make/",
        views.RemarkLinkAct.as_view(verb="make_remark_link"),
        name="make_remark_link",
    ),
    path(
        "minutes/<uuid:uuid>/links/<uuid:line>/renew/",
        views.RemarkLinkAct.as_view(verb="renew_remark_link"),
        name="renew_remark_link",
    ),
    path(
        "minutes/<uuid:uuid>/links/<uuid:line>/revoke/",
        views.RemarkLinkAct.as_view(verb="revoke_remark_link"),
        name="revoke_remark_link",
    ),
    path(
        "minutes/<uuid:uuid>/remarks/<uuid:line>/answer/",
        views.AnswerComment.as_view(verb="answer_comment"),
        name="answer_comment",
    ),
    path("minutes/<uuid:uuid>/remarks/<uuid:line>/adopt/", views.AdoptComment.as_view(), name="adopt_comment"),
    path("minutes/<uuid:uuid>/seal/", views.MinutesSeal.as_view(), name="seal"),
    path("minutes/<uuid:uuid>/seal/text/", views.MinutesSeal.as_view(as_text=True), name="sealed_text"),
    minutes("file_minutes", services.file_minutes, forms.FileForm),
    minutes("return_minutes", services.return_minutes, forms.ReturnForm, consequence=_("The drafter reads this.")),
    minutes(
        "sign_minutes",
        services.sign_minutes,
        forms.SignForm,
        views.SignMinutes,
        _("The text is frozen and takes its number; afterwards it can only be amended."),
    ),
    minutes("amend_minutes", services.amend_minutes, forms.AmendForm),
    # one session
    path("<uuid:uuid>/", views.SessionDetail.as_view(), name="detail"),
    path("<uuid:uuid>/change-plan/", views.ChangePlan.as_view(), name="change_plan"),
    path("<uuid:uuid>/draft-minutes/", views.StartMinutes.as_view(), name="draft_minutes"),
    path("<uuid:uuid>/people/new/", views.Invite.as_view(), name="invite"),
    path("<uuid:uuid>/people/<uuid:line>/remove/", views.InviteAct.as_view(), name="uninvite"),
    path("<uuid:uuid>/people/<uuid:line>/", views.MendLine.as_view(), name="mend_line"),
    path("<uuid:uuid>/people/<uuid:line>/phone/", views.LinePhone.as_view(), name="show_phone"),
    path("<uuid:uuid>/people/class/", views.InviteClass.as_view(), name="invite_class"),
    path("<uuid:uuid>/people/suggested/", views.InviteSuggested.as_view(), name="invite_suggested"),
    path("<uuid:uuid>/slips/", views.Slips.as_view(), name="slips"),
    path("<uuid:uuid>/slips/<uuid:line>/renew/", views.RenewSlip.as_view(), name="renew_slip"),
    path("<uuid:uuid>/seats/", views.OfferSeats.as_view(), name="offer_seats"),
    path("<uuid:uuid>/seats/<uuid:line>/withdraw/", views.WithdrawSignUp.as_view(), name="withdraw_sign_up"),
    path("<uuid:uuid>/sign-in/", views.SignInHere.as_view(), name="sign_in"),
    path("<uuid:uuid>/floor/", views.AskFloor.as_view(), name="ask_floor"),
    path("<uuid:uuid>/invitation.ics", views.InvitationFile.as_view(), name="invitation_file"),
    path("<uuid:uuid>/agenda/", views.AgendaAct.as_view(), name="set_agenda"),
    path("<uuid:uuid>/agenda/<uuid:item>/", views.AgendaAct.as_view(), name="agenda_item"),
    move("announce", services.announce_session, forms.AnnounceForm, consequence=TOLD),
    move("postpone", services.postpone_session, forms.PostponeForm, consequence=HEARD),
    move("cancel", services.cancel_session, forms.CancelForm, consequence=HEARD),
    move("open", services.open_session, forms.OpenForm),
    move(
        "close",
        services.close_session,
        forms.CloseForm,
        views.CloseSession,
        _("The roster is frozen; nothing is written into the record afterwards."),
    ),
    move("accept_log", services.accept_log, forms.AcceptLogForm, views.AcceptLog),
    # its record
    path("<uuid:uuid>/record/", views.Record.as_view(), name="record"),
    path("<uuid:uuid>/record/parts/", views.Parts.as_view(), name="parts"),
    path("<uuid:uuid>/record/say/", views.Say.as_view(), name="add_statement"),
    path("<uuid:uuid>/record/say/<uuid:line>/", views.SayChange.as_view(), name="change_statement"),
    path(
        "<uuid:uuid>/record/say/<uuid:line>/remove/",
        views.RemoveLine.as_view(rows="statements"),
        name="remove_statement",
    ),
    path("<uuid:uuid>/record/agree/", views.Agree.as_view(), name="agree_point"),
    path("<uuid:uuid>/record/agree/<uuid:line>/", views.AgreeChange.as_view(), name="change_point"),
    path(
        "<uuid:uuid>/record/agree/<uuid:line>/remove/",
        views.RemoveLine.as_view(rows="consensus_points"),
        name="remove_point",
    ),
    path("<uuid:uuid>/record/dissent/", views.Dissent.as_view(), name="keep_dissent"),
    path(
        "<uuid:uuid>/record/dissent/<uuid:line>/remove/",
        views.RemoveLine.as_view(rows="dissent_points"),
        name="remove_dissent",
    ),
    path("<uuid:uuid>/record/dissent/<uuid:line>/", views.DissentChange.as_view(), name="change_dissent"),
    path("<uuid:uuid>/record/agree/<uuid:line>/read/", views.ReadBack.as_view(), name="read_back"),
    path("<uuid:uuid>/record/struck/<uuid:line>/", views.Restore.as_view(), name="restore_line"),
    path("<uuid:uuid>/record/languages/", views.Tongues.as_view(), name="set_languages"),
    path("<uuid:uuid>/record/floor/", views.FloorFree.as_view(), name="floor_free"),
    path("<uuid:uuid>/record/desk/", views.Desk.as_view(), name="desk"),
    path("<uuid:uuid>/screen/", views.ScreenPage.as_view(), name="screen"),
    path("<uuid:uuid>/screen/code/", views.ScreenIssue.as_view(), name="screen_issue"),
    path("<uuid:uuid>/record/walk-in/", views.WalkIn.as_view(), name="walk_in"),
    path("<uuid:uuid>/record/clock/", views.ClockAct.as_view(), name="run_agenda"),
    path("<uuid:uuid>/record/attendance/<uuid:line>/", views.AttendanceAct.as_view(), name="mark_attendance"),
    path("<uuid:uuid>/record/among/<uuid:line>/", views.AmongAct.as_view(), name="count_among"),
    path("<uuid:uuid>/record/leave/<uuid:line>/", views.LeaveAct.as_view(), name="leave"),
    path("<uuid:uuid>/record/proxy/<uuid:line>/", views.ProxyPage.as_view(), name="proxy"),
    path("<uuid:uuid>/record/queue/<uuid:line>/", views.QueueAct.as_view(), name="queue"),
    path("<uuid:uuid>/photos/add/", views.AddPhoto.as_view(), name="add_photo"),
    # papers
    path("<uuid:uuid>/print/notice/", views.NoticePaper.as_view(), name="print_notice"),
    path("<uuid:uuid>/print/agenda/", views.AgendaPaper.as_view(), name="print_agenda"),
    path("<uuid:uuid>/print/sheet/", views.SignInPaper.as_view(), name="print_sheet"),
    path("<uuid:uuid>/print/poster/", views.SignInPoster.as_view(), name="print_poster"),
]
