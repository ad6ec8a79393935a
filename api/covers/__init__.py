"""The cover drawn for an edition that has none: a thread-bound book in the colour of its class, as SVG text.

Knows shapes, colours and how a title is set upright. Must not know records, the database, HTTP or the language of a page: it is a
pure function of five texts.
"""
