"""What the values of a case file must have to do with each other."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from consult.privacy import detect, kind_label
from consult.regions.codes import level_of, prefix_of

from .document import Node
from .marks import leaves
from .problems import Problems
from .schema import CaseAssignment, CaseFile, CaseScreening, CaseSession

#: The path of a division in force or abolished, None when there is none with this code.
FindRegion = Callable[[str], str | None]

TEXT_AT_MOST = 10_000  # a longer one is refused for its length
LONGEST = timedelta(hours=24)
_CHECKS = ("small_cut", "wide_reach", "vital_interest")


def check_case(case: CaseFile, find_region: FindRegion, problems: Problems) -> None:
    """Everything but dates and marks."""
    _check_regions(case, find_region, problems)
    _check_screening(case, problems)
    _check_taking_up(case, problems)
    _check_later_blocks(case, problems)
    for session in case.sessions:
        _check_session(session, problems)
    _check_minutes(case, problems)
    _check_consensus(case, problems)
    _check_assignments(case, problems)
    _check_satisfaction(case, problems)


def check_privacy(root: Node, problems: Problems) -> None:
    """No phone, identity, card number or plate anywhere: what hangs on a notice is published with it."""
    for path, node in leaves(root, ""):
        texts = [child.raw for child in node.entries.values()] if node.kind == "map" else [node.raw]
        for text in texts:
            for finding in detect(text[:TEXT_AT_MOST]):
                if finding.blocks:
                    params = {"what": kind_label(finding.kind), "excerpt": finding.excerpt}
                    message = _("Personal data: %(what)s %(excerpt)s.") % params
                    problems.add(path, message, _("Name people by their role and take the number out."))


def _check_regions(case: CaseFile, find_region: FindRegion, problems: Problems) -> None:
    for path, code in [("host", case.host), *((f"joint.{n}", code) for n, code in enumerate(case.joint))]:
        if code and _known(path, code, find_region, problems) and level_of(code) > 3:
            message = _("%(place)s has no CPPCC of its own.") % {"place": find_region(code)}
            problems.add(path, message, _("Write the code of a county, a prefecture or a province."))
    if case.host in case.joint and case.host:
        message = _("The host itself stands among those who file it jointly.")
        problems.add("joint", message, _("Take it out; the host counts already."))
    host = find_region(case.host) if case.host else None
    placed = [(case.topic.at("region"), case.topic.region)] if case.topic else []
    placed += [(session.at("region"), session.region) for session in case.sessions]
    for path, code in placed:
        if code and _known(path, code, find_region, problems) and host and not _inside(code, case.host):
            params = {"place": find_region(code), "host": host}
            message = _("%(place)s lies outside %(host)s.") % params
            problems.add(path, message, _("Mend the code, or name the CPPCC whose matter it is as host."))


def _known(path: str, code: str, find_region: FindRegion, problems: Problems) -> bool:
    known = find_region(code) is not None
    if not known:
        message = _("There is no division with the code %(code)s.") % {"code": code}
        problems.add(path, message, _("Look it up in the division table; villages end in other than 000."))
    return known


def _inside(code: str, host: str) -> bool:
    return code.startswith(prefix_of(host))


def _check_screening(case: CaseFile, problems: Problems) -> None:
    screening = case.screening
    if screening is None or not screening.decision:
        return
    needed = {"decline": ["reason"], "transfer": ["reason", "to_unit"], "merge": ["into"]}.get(screening.decision, [])
    for key in needed:
        if not getattr(screening, key):
            problems.add(screening.at(key), _("“%(key)s” is missing.") % {"key": key}, _("Add it here."))
    for key, decision in (("into", "merge"), ("to_unit", "transfer")):
        if getattr(screening, key) and screening.decision != decision:
            message = _("“%(key)s” belongs to the decision “%(decision)s” only.") % {"key": key, "decision": decision}
            problems.add(screening.at(key), message, _("Take it out, or mend the decision."))
    if screening.into and screening.into == case.key:
        problems.add(screening.at("into"), _("A matter cannot be merged into itself."), _("Write another key."))
    if screening.decision == "pool":
        _check_pooled(case, screening, problems)


def _check_pooled(case: CaseFile, screening: CaseScreening, problems: Problems) -> None:
    for key in _CHECKS:
        if getattr(screening, key) is not True:
            message = _("A matter is pooled when all three checks hold; “%(key)s” does not.") % {"key": key}
            problems.add(screening.at(key), message, _("Write true, or decline or transfer the matter."))
    if case.topic is not None and not case.topic.category:
        message = _("A pooled matter has a category.")
        problems.add("topic.category", message, _("Add “category” to the topic."))


def _check_taking_up(case: CaseFile, problems: Problems) -> None:
    if case.approval is not None and case.profile == "micro":
        message = _("A micro matter is claimed, not approved.")
        problems.add("approval", message, _("Write “claim”, or mend the profile."))
    if case.claim is not None and case.profile == "formal":
        message = _("A formal matter is approved, not claimed.")
        problems.add("claim", message, _("Write “approval”, or mend the profile."))
    if case.claim is not None and bool(case.claim.group) == bool(case.claim.member):
        problems.add("claim", _("A matter is claimed by a group or by a member."), _("Write one of the two keys."))
    if case.topic is not None and case.topic.raised_by is not None:
        raiser = case.topic.raised_by
        if not (raiser.category or raiser.name or raiser.organisation):
            problems.add(raiser.path, _("Nobody is named here."), _("Write category, name or organisation."))


def _check_later_blocks(case: CaseFile, problems: Problems) -> None:
    """Each block stands on the one before it in the chain."""
    decision = case.screening.decision if case.screening is not None else None
    if decision is None:
        _refuse_all(_after_screening(case), _("This comes after screening, and the file has none."), problems)
    elif decision in {"decline", "transfer", "merge"}:
        message = _("The matter was not pooled (%(decision)s); nothing follows.") % {"decision": decision}
        _refuse_all(_after_screening(case), message, problems)
    elif case.profile and (case.approval if case.profile == "formal" else case.claim) is None:
        name = "approval" if case.profile == "formal" else "claim"
        message = _("This comes after “%(name)s”, and the file has none.") % {"name": name}
        remedy = _("Add “%(name)s”, or take this out; a bench session needs none.") % {"name": name}
        for path in [*(study.path for study in case.field_study), *(session.path for session in case.spoken)]:
            problems.add(path, message, remedy)
    _need(case, "minutes", case.spoken, "sessions", problems)
    _need(case, "outcome", case.sessions, "sessions", problems)
    for name in ("assignments", "satisfaction"):
        _need(case, name, case.outcome, "outcome", problems)
    if case.notice is not None and case.notice.kind in {"outcome", "progress"} and case.outcome is None:
        message = _("This notice tells of an outcome, and the file has none.")
        problems.add("notice", message, _("Add “outcome”, or mend the kind."))


def _after_screening(case: CaseFile) -> list[str]:
    """What is there of the blocks that only a pooled matter has."""
    blocks = ["approval", "claim", "field_study", "minutes", "outcome", "assignments", "satisfaction"]
    return [*(name for name in blocks if getattr(case, name)), *(session.path for session in case.spoken)]


def _refuse_all(paths: list[str], message: str, problems: Problems) -> None:
    for path in paths:
        problems.add(path, message, _("Add “screening” with the decision pool, or take this out."))


def _need(case: CaseFile, name: str, ground: object, on: str, problems: Problems) -> None:
    if getattr(case, name) and not ground:
        message = _("“%(name)s” comes after “%(on)s”, and the file has none that it could stand on.")
        problems.add(name, message % {"name": name, "on": on}, _("Add “%(on)s”, or take this out.") % {"on": on})


def _check_session(session: CaseSession, problems: Problems) -> None:
    if not session.is_bench and session.form and session.ends_at is None and session.starts_at is not None:
        _missing(session, "ends_at", problems)
    if session.starts_at and session.ends_at:
        length = session.ends_at - session.starts_at
        if length <= timedelta() or length > LONGEST:
            message = _("The session must end after it begins, and within 24 hours.")
            problems.add(session.at("ends_at"), message, _("Mend one of the two times."))
    if session.venue_kind == "room" and not session.room:
        _missing(session, "room", problems)
    elif session.venue_kind not in {"room", "online", ""} and not (session.room or session.place):
        _missing(session, "place", problems)
    if session.is_bench and not session.consensus:
        message = _("Of a bench session it must be said what was agreed.")
        problems.add(session.at("consensus"), message, _("Add at least one point under “consensus”."))


def _missing(session: CaseSession, key: str, problems: Problems) -> None:
    line = problems.line_of(session.path)
    problems.add(session.at(key), _("“%(key)s” is missing.") % {"key": key}, _("Add it here."), line=line)


def _check_minutes(case: CaseFile, problems: Problems) -> None:
    inside = [session for session in case.sessions if session.minutes is not None]
    if case.minutes is not None and inside:
        message = _("Minutes stand at the top level and inside a session as well.")
        problems.add("minutes", message, _("With several, put each inside its session."))
    for session in case.sessions:
        minutes = case.minutes_of(session)
        if minutes is not None and minutes.signed_by and minutes.signed_by == session.recorder:
            message = _("“%(name)s” recorded the session and signed its minutes: nobody signs what he drafted.")
            problems.add(
                minutes.at("signed_by"), message % {"name": minutes.signed_by}, _("Name whoever else signed them.")
            )
    if case.outcome is not None and case.spoken and case.minutes_of(case.spoken[-1]) is None:
        message = _("The outcome rests on the minutes of “%(session)s”, and the file has none.")
        remedy = _("Add “minutes” with the day of signing.")
        problems.add("outcome", message % {"session": case.spoken[-1].title}, remedy)


def _check_consensus(case: CaseFile, problems: Problems) -> None:
    points = [point for session in case.sessions for point in session.consensus if point.number is not None]
    _check_once([(point.at("number"), point.number) for point in points], problems)
    numbers = {point.number for point in points}
    for point in points:
        if point.number > len(numbers):
            message = _("The numbers of this matter run from 1 without gaps; %(number)d leaves one.")
            problems.add(point.at("number"), message % {"number": point.number}, _("Number them 1, 2, 3 …"))


def _check_once(numbers: list[tuple[str, int]], problems: Problems) -> None:
    seen = set()
    for path, number in numbers:
        if number in seen:
            message = _("The number %(number)d stands in this matter twice.") % {"number": number}
            problems.add(path, message, _("Numbers run through the whole matter, whatever the number of sessions."))
        seen.add(number)


def _check_assignments(case: CaseFile, problems: Problems) -> None:
    _check_once([(one.at("number"), one.number) for one in case.assignments if one.number is not None], problems)
    agreed = {point.number for session in case.sessions for point in session.consensus}
    for assignment in case.assignments:
        for place, number in enumerate(assignment.fulfils):
            if number not in agreed:
                message = _("There is no consensus point %(number)d in this file.") % {"number": number}
                path = f"{assignment.at('fulfils')}.{place}"
                problems.add(path, message, _("Points: %(numbers)s.") % {"numbers": _listed(agreed)})
        _check_handling(assignment, problems)


def _check_handling(assignment: CaseAssignment, problems: Problems) -> None:
    if assignment.lead_unit and assignment.lead_unit in assignment.assisting:
        message = _("“%(unit)s” leads already.") % {"unit": assignment.lead_unit}
        problems.add(assignment.at("assisting"), message, _("Take it out of the assisting units."))
    verification = assignment.verification
    if verification is not None and verification.by and verification.by in assignment.units:
        message = _("“%(unit)s” handles the assignment and cannot verify it.") % {"unit": verification.by}
        problems.add(verification.at("by"), message, _("Name whoever else has seen it."))
    if verification is not None and assignment.reply is None:
        message = _("This was verified before it was replied to.")
        problems.add(verification.path, message, _("Add “reply”, or take the verification out."))
    if assignment.closed_on is not None and verification is None:
        message = _("This was closed before it was verified.")
        problems.add(assignment.at("closed_on"), message, _("Add “verification”, or take the day out."))
    if assignment.funds is not None and assignment.funds.amount is not None and not assignment.funds.kind:
        problems.add(assignment.funds.at("kind"), _("“%(key)s” is missing.") % {"key": "kind"}, _("Add it here."))


def _check_satisfaction(case: CaseFile, problems: Problems) -> None:
    if case.satisfaction is None:
        return
    for assignment in case.assignments:
        if assignment.verification is None:
            message = _("Satisfaction is asked when the last assignment is closed; number %(number)s is not verified.")
            remedy = _("Add its verification, or leave the satisfaction out.")
            problems.add("satisfaction", message % {"number": assignment.number}, remedy)
    answers = [case.satisfaction.process, case.satisfaction.result]
    counts = [count for block in answers if block for count in (block.satisfied, block.basically, block.unsatisfied)]
    if all(answers) and None not in counts and not any(int(count) for count in counts):
        problems.add("satisfaction", _("Nobody answered."), _("Leave the satisfaction out."))


def _listed(numbers: Iterable[int | None]) -> str:
    known = sorted(number for number in numbers if number is not None)
    return ", ".join(str(number) for number in known[:30]) or "–"
