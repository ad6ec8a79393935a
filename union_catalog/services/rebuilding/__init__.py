"""Deciding the whole catalogue anew under the rules of this version, for real or to see what would change; and whether that is due.

Knows phases, their order and where a broken-off run stands. Must not know how two records are compared, nor how clusters, ids and works
are decided: it asks ``services.deciding`` in stretches of source ids, as a load does.
"""
