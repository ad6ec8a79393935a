"""Loans, holds and transits: what a desk may do with an item and a reader, decided from frozen situations to plans that say why.

Knows the three state machines, the policies and every case of docs/circulation.md. Must not know the database, the clock or the web.
"""
