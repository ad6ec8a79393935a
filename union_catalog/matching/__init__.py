"""Deciding which source records describe one edition, and making one union record of them.

Knows descriptions alone: features are taken from a ``BibliographicRecord``, keys find candidates, comparisons and the table of rules judge
pairs, clusters follow from the judged pairs, merging takes each field from the best source. Every function is pure and symmetric. Must not
know record ids (but to order equals and to tell libraries apart), agency codes, items, the database or the index.
"""
