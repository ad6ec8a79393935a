"""Who works at the demo's libraries, who reads there, and what they did: invented people, told by four tables.

Knows the tables and the use cases that make what they tell. Must not know how anything is stored.
"""
