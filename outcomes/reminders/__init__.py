"""What is pursued until it is done: assignments, what was only promised, opinions, satisfaction."""

from . import assignments, notices, results, reviews


def register() -> None:
    for ladders in (assignments, reviews, notices, results):
        ladders.register()


__all__ = ["register"]
