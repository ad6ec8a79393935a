"""From a member's file to the catalogue: formats, workers that read records, the load with its checkpoint, and retrying.

Knows files, encodings and dialects. Must not know how matching decides or where an index lies.
"""
