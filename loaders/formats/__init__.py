"""The exchange formats: from the bytes of a file to format-neutral records and reported items, one mapping table a dialect.

Knows ISO 2709, MARCXML, CSV and Excel, the MARC dialects and the encodings. Must not know how or where records are stored: a source gives
raw records (cheap), a reader turns one of them into a parsed record (dear, picklable, so that a worker process can do it).
"""
