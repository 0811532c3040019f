"""What is asked: phrases of bigrams, and what shares bigrams with a title."""

import re
from typing import Any, TypeVar, cast

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast

from consult.search.segments import Segment, bigrams, chunks

QUERY_AT_MOST = 100  # characters; more than anybody types, less than hurts
WORDS_AT_MOST = 12
_COMPARED_AT_MOST = 24

#: Pairs that half of all titles contain; sharing one says nothing.
_COMMONPLACE = frozenset(
    re.findall(
        "..",
        "问题小区建设工作管理解决居民村民难题协商议题有关相关情况进行关于开展推进加强社区我们希望建议尽快",
    )
)

M = TypeVar("M", bound=Model)


class Holds(Func):
    """``vector @@ query``, both as they are."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def match(queryset: "QuerySet[M]", text: str, field: str = "search") -> "QuerySet[M]":
    """Rows that contain every word of the text, each word as it is written; a blank text asks for nothing.

    The last word may be unfinished: 协商议 finds 协商议事会, wif finds wifi.
    """
    text = (text or "")[:QUERY_AT_MOST]
    if not text.strip():
        return queryset
    phrases = [_phrase(chunk) for chunk in chunks(text)[:WORDS_AT_MOST]]
    if not phrases:
        return queryset.none()
    return queryset.filter(Holds(F(field), _query(" & ".join(f"({phrase})" for phrase in phrases))))


def similar(queryset: "QuerySet[M]", title: str, limit: int = 5, field: str = "search") -> "QuerySet[M]":
    """Rows whose title shares most bigrams with this one, the newest first among equals; ``shared`` says how many."""
    tokens = [token for token in bigrams((title or "")[:QUERY_AT_MOST]) if token not in _COMMONPLACE and len(token) > 1]
    tokens = tokens[:_COMPARED_AT_MOST]
    if not tokens:
        return queryset.none()
    wanted = [f"'{token}':A" for token in tokens]
    shared = sum(
        (Cast(Holds(F(field), _query(one)), IntegerField()) for one in wanted[1:]), _as_number(field, wanted[0])
    )
    found = queryset.filter(Holds(F(field), _query(" | ".join(wanted)))).annotate(shared=shared)
    return cast("QuerySet[M]", found.order_by("-shared", "-pk")[:limit])


def _as_number(field: str, query: str) -> Any:
    return Cast(Holds(F(field), _query(query)), IntegerField())


def _query(text: str) -> Cast:
    # Tokens are letters and digits only, so nothing in here can be an operator or close the quotes.
    return Cast(Value(text), SearchQueryField())


def _phrase(chunk: list[Segment]) -> str:
    """The tokens of a word one after the other, as they were stored; the end may be open."""
    *before, last = chunk
    lexemes = [f"'{token}'" for segment in before for token in segment.tokens()]
    tokens = last.tokens()
    if last.spaced or len(tokens) == 1:
        lexemes.append(f"'{tokens[0]}':*")
    else:
        lexemes += [f"'{token}'" for token in tokens[:-1]]
    return " <-> ".join(lexemes)
