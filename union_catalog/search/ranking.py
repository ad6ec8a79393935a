"""What a match is worth: the one table of weights, for every engine.

Scores are sums of these whole numbers and of nothing else: no statistics of the index come in. So a record has the same score on every
engine, today and tomorrow, and a reader can be told why it stands where it stands.
"""

from typing import Literal

Fits = Literal[
    "exact_title", "title_start", "exact_pinyin", "title_phrase", "title_words", "title_pieces", "exact_author", "exact_initials", "author",
    "call_number", "pinyin", "series", "subject", "initials", "publisher", "anywhere",
]  # fmt: skip

EXACT_TITLE = 64
TITLE_START = 48
EXACT_PINYIN = 46
TITLE_PHRASE = 40
TITLE_WORDS = 34
TITLE_PIECES = 30
EXACT_INITIALS = 29
EXACT_AUTHOR = 28
AUTHOR_INITIALS = 26
AUTHOR = 24
CALL_NUMBER = 22
PINYIN = 20
SERIES = 16
SUBJECT = 12
INITIALS = 10
PUBLISHER = 8
ANYWHERE = 1

# Only so many words of a query are weighed; further ones must match, but do not move results. It bounds the score.
WEIGHED_WORDS = 4
# How much more it is worth that a title fits the whole of a query of several words than that it fits one of them.
WHOLE = 2
HIGHEST_SCORE = (WEIGHED_WORDS + WHOLE) * EXACT_TITLE + ANYWHERE
