"""Marks of a file, told in the places of the chain: sessions by time, assignments by number, one product in a list."""

from __future__ import annotations

from .schema import CaseFile


def chain_marks(case: CaseFile) -> list[str]:
    """The illustrative leaves as paths into ``outcomes.chain.build_chain``."""
    sessions = _places(sorted(range(len(case.sessions)), key=lambda i: case.sessions[i].starts_at))
    assignments = _places(sorted(range(len(case.assignments)), key=lambda i: case.assignments[i].number))
    told = []
    for mark in case.marks:
        steps = mark.split(".")
        if steps[0] == "sessions" and len(steps) > 1:
            steps[1] = str(sessions[int(steps[1])])
        elif steps[0] == "assignments" and len(steps) > 1:
            steps[1] = str(assignments[int(steps[1])])
        elif steps[:2] == ["outcome", "product"]:
            steps[1:2] = ["products", "0"]
        told.append(".".join(steps))
    return told


def _places(order: list[int]) -> dict[int, int]:
    return {written: place for place, written in enumerate(order)}
