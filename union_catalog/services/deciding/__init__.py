"""Deciding which records are one: the match graph round what changed, clusters and their ids, union records, works.

Used wherever a decision is made or made anew: a load, a verdict of staff, a rebuild. Every function works inside the transaction of its
caller. Must not know where records come from.
"""
