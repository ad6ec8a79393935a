"""Use cases: the only place that opens a transaction. One use case is one transaction and one commit.

Knows the domain and its storage. Must not know the web, a file format or a search server.
"""
