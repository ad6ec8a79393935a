"""Holdings, items and what a member library reports about them.

Knows what an item is and what an export says of it. Must not know who has borrowed it: that is circulation's.
"""
