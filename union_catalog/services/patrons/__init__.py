"""Readers as use cases: enrolled, known by their cards, changed, merged. Each works in the transaction of its caller.

Knows who may see and change which reader. Must not know loans, money, or what a desk decides.
"""
