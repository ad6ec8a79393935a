"""A search as a reader makes it, step by step: names of places, nearness, a second look for what was misspelt, works, and reasons.

Knows the search engine's port and the database. Must not know how an answer is shown.
"""
