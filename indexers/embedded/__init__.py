"""The embedded search engine: tantivy in a folder, for installations without a search server.

Knows tantivy and nothing else does. Must not know the database, the outbox or what a record is beyond its index document.
"""
