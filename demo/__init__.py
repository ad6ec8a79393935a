"""A small network to look at and to test with: real editions, told by four libraries in four dialects.

Knows facts (the tables beside it) and how each library writes them down. Must not know how the catalogue
reads, matches or stores them: the exports go through the real loaders.
"""
