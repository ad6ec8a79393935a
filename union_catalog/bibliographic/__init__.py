"""The format-neutral record and the normalising of names, titles, dates and identifiers.

Knows what a bibliographic description is made of. Must not know any exchange format, database, index or page.
"""
