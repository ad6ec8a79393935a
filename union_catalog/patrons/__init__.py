"""Patrons, cards, credentials, blocks, credit and consent, as values and rules.

Knows who may be known by what, and what stands against a reader. Must not know loans' rules, the database, or the web.
"""
