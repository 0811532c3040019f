"""Finding Chinese text with the plain full-text search of any PostgreSQL: overlapping bigrams as words.

A model keeps a ``SearchVectorField`` named ``search`` with a GIN index; its services write
``topic.search = search_vector(topic.title, topic.problem)`` (the first text is the title, which ``similar`` compares).
``match(queryset, text)`` finds what contains the words of a query; ``similar(queryset, title)`` what is called alike.
Neither looks further than the queryset it is given: scope it with ``visible_to`` first.
"""

from .queries import match, similar
from .segments import bigrams
from .vectors import search_vector

__all__ = ["bigrams", "match", "search_vector", "similar"]
