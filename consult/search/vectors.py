"""What is stored: a tsvector written out by us, so that no server's locale or parser has a say in it."""

import re

from consult.search.segments import chunks

POSITIONS_AT_MOST = 16_000  # PostgreSQL counts no further than 16383
_GAP = 1
# 2021 年 and 2021年 are the same words; only the stored side forgets the blank, for in a query it parts two words.
_BLANK_BESIDE_IDEOGRAPH = re.compile(
    r"(?<=[0-9A-Za-z])[ \u00a0](?=[\u2e80-\U0003ffff])|(?<=[\u2e80-\U0003ffff])[ \u00a0](?=[0-9A-Za-z])"
)


def search_vector(*texts: str) -> str:
    """The value of a ``SearchVectorField`` for these texts, the first being the title.

    Positions run on, with a gap wherever words do not touch, so that a phrase is never found across a full stop.
    """
    places: dict[str, list[str]] = {}
    position = 1
    for order, text in enumerate(texts):
        weight = "A" if order == 0 else ""
        for chunk in chunks(_BLANK_BESIDE_IDEOGRAPH.sub("", text or "")):
            for segment in chunk:
                for token in segment.tokens():
                    if position > POSITIONS_AT_MOST:
                        return _written(places)
                    places.setdefault(token, []).append(f"{position}{weight}")
                    position += 1
            position += _GAP
    return _written(places)


def _written(places: dict[str, list[str]]) -> str:
    return " ".join(f"'{token}':{','.join(positions)}" for token, positions in places.items())
