"""Circulation in the database: rows to the situations that decisions are made from, and plans to rows.

Knows tables and locks. Must not decide: what is allowed, and what follows, is the pure package's to say.
"""
