"""What comes of a played matter: minutes, outcome, assignment, satisfaction, notice."""

from __future__ import annotations

from datetime import timedelta

from consult.calendar import next_workday
from consult.desk.demo.player import Player, village_of
from outcomes import services as outcomes
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions import services as sessions
from sessions.models import ConsensusPoint, ConsultSession, Minutes
from topics.models import Topic

BEGUN = "已到现场查看两次，办法正在小区公示，收到意见 6 条。"
DONE = "“{}”经协商形成 {} 条共识，由{}办理，现已办结并核验。"
NOT_OURS = "市场摊位由市场监管部门管理"


def came_of_it(player: Player, topic: Topic, session: ConsultSession) -> None:
    if not player.reaches("drafted"):
        return
    minutes = _minutes(player, session)
    if not player.reaches("outcome") or minutes is None:
        return
    outcome = _outcome(player, topic)
    if not player.reaches("issued"):
        return
    assignment = _assignment(player, topic, outcome)
    if player.reaches("asked"):
        _ask(player, outcome)
    if player.reaches("notice_drafted") and assignment is not None:
        _notice(player, topic, outcome)


def _minutes(player: Player, session: ConsultSession) -> Minutes | None:
    minutes = sessions.draft_minutes(session, actor=player.clerk, on=player.day("draft"))
    if not player.reaches("filed"):
        return None
    minutes = sessions.file_minutes(minutes, actor=player.clerk, on=player.day("file"))
    if not player.reaches("signed"):
        return None
    return sessions.sign_minutes(minutes, actor=player.leader, on=player.day("sign"))


def _outcome(player: Player, topic: Topic) -> Outcome:
    outcome = outcomes.draft_outcome(
        Topic.objects.get(pk=topic.pk),
        actor=player.office,
        effects=["consensus", "resolved"],
        summary="各方就办理办法和时间达成共识。",
        on=player.day("outcome"),
    )
    if player.reaches("submitted_up"):
        outcome = outcomes.submit_outcome(
            outcome, actor=player.office, submitted_to=["南谯区人民政府办公室"], on=player.day("submit")
        )
    if player.reaches("adopted") and player.matter.profile == "formal":
        outcome = outcomes.adopt_outcome(
            outcome,
            actor=player.office,
            adopted_by="分管副区长",
            instruction="请责任单位按纪要抓紧办理。（样例）",
            on=player.day("adopt"),
        )
    return outcome


def _assignment(player: Player, topic: Topic, outcome: Outcome) -> Assignment | None:
    issued_on, twist = player.day("issue"), player.matter.twist
    due = {
        "overdue": player.today - timedelta(days=8),
        "very_overdue": player.today - timedelta(days=31),
        "due_soon": player.today + timedelta(days=4),
        "extension": player.today + timedelta(days=12),
    }.get(twist, issued_on + timedelta(days=50))
    if twist not in ("overdue", "very_overdue") and not player.reaches("replied"):
        due = max(due, player.today + timedelta(days=4 if twist == "due_soon" else 12))
    assignment = outcomes.issue_assignment(
        outcome,
        actor=player.office,
        matter=player.matter.task,
        fulfils=list(ConsensusPoint.objects.filter(topic=topic)),
        lead_unit=player.unit,
        requirement="到现场查看，拿出办法并公示，按期办结。",
        due_on=max(next_workday(due), issued_on),
        issued_by="南谯区人民政府办公室",
        on=issued_on,
    )
    if twist == "sent_back":
        outcomes.send_back(
            assignment,
            actor=player.office,
            reason=NOT_OURS,
            proper_unit="市场监管部门",
            on=player.day("accept"),
        )
        return assignment
    if player.reaches("accepted"):
        outcomes.sign_for(assignment, actor=player.office, signed_for_by="联络员 01", on=player.day("accept"))
    if player.reaches("in_progress"):
        _work(player, assignment)
    return assignment


def _work(player: Player, assignment: Assignment) -> None:
    outcomes.add_progress(
        assignment,
        actor=player.system,
        text="已到现场查看两次，办法正在小区公示，收到意见 6 条。",
        on=player.day("progress"),
    )
    if player.matter.twist == "extension":
        outcomes.ask_extension(
            assignment,
            actor=player.system,
            due_wanted=next_workday(assignment.due_on + timedelta(days=30)),
            reason="材料到货推迟",
            on=player.today,
        )
    if player.reaches("replied"):
        on = player.day("reply")
        outcomes.reply_assignment(
            assignment,
            actor=player.office,
            reply_class="A",
            measures="现场施工三天，张贴告知书，安排专人看护。",
            result="已按共识办完，群众当场试用。",
            contact_on=on,
            contact_method="phone",
            contact_note="已告知反映人办理结果",
            on_paper=True,
            on=on,
        )
    if player.reaches("verified"):
        outcomes.verify_assignment(
            assignment,
            actor=player.cast.accounts["nq-zuzhang"],
            method="site",
            finding="到现场看过，属实。",
            on=player.day("verify"),
        )
    if player.reaches("closed"):
        outcomes.close_assignment(assignment, actor=player.office, on=player.day("close"))


def _ask(player: Player, outcome: Outcome) -> None:
    good = 20 + player.dice.randrange(20)
    outcomes.record_satisfaction(
        Outcome.objects.get(pk=outcome.pk),
        actor=player.office,
        process=(good, 3, 1),
        result=(good - 2, 5, 1),
        raiser_result="satisfied",
        on=player.day("ask"),
    )


def _notice(player: Player, topic: Topic, outcome: Outcome) -> None:
    notice = outcomes.draft_notice(
        actor=player.clerk,
        host=player.cast.host,
        kind="outcome",
        title=f"{player.matter.title}协商成果公示",
        text=DONE.format(player.matter.title, len(player.matter.agreed), player.matter.unit),
        topic=Topic.objects.get(pk=topic.pk),
        outcome=Outcome.objects.get(pk=outcome.pk),
        places=[f"{village_of(player.matter.region)}公开栏"],
        summary=f"{player.matter.title}：已经办好，有不同意见请打电话。",
        on=player.day("notice"),
    )
    if player.reaches("notice_reviewed"):
        notice = outcomes.review_notice(
            notice, actor=player.office, secrecy="open", secrecy_basis="不涉及秘密和个人信息", on=player.day("review")
        )
    if player.reaches("posted"):
        notice = outcomes.post_notice(notice, actor=player.office, on=player.day("post"))
    if player.matter.twist == "taken_down":
        outcomes.withdraw_notice(notice, actor=player.office, reason="照片里有无关群众，重新整理后再发")
    if player.matter.twist == "corrected":
        _correct(player, notice)


def _correct(player: Player, notice: PublicNotice) -> None:
    draft = outcomes.correct_notice(notice, actor=player.clerk, reason="完成日期写错")
    draft = outcomes.review_notice(draft, actor=player.office, secrecy="open", secrecy_basis="只改日期")
    outcomes.post_notice(draft, actor=player.office)
