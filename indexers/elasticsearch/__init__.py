"""The search engine on an Elasticsearch server or cluster, for installations of many machines.

Knows Elasticsearch and nothing else does. Must not know the database, the outbox or what a record is beyond its index document.
"""
