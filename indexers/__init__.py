"""From the database to the search engine: documents, the relay that follows changes, rebuild and verify; one package an engine.

Knows how a union record becomes an index document and how an index is kept true. Must not know the web or where records come from.
"""
