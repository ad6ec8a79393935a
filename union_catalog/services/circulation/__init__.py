"""Desk actions as use cases: each reads a situation under lock, has it decided, writes the plan, and puts down who did it.

Knows desks, and the order of locks: readers, holds, items. Must not know the web; opens no transaction, as commands bring theirs.
"""
