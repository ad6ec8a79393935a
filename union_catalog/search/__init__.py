"""Chinese text analysis, the query and its syntax tree, the search engine's port and pages of results.

Knows what readers type and what must come back. Must not know which engine answers.
"""
