"""Files in which member libraries hand over their readers: encodings, columns and cells, made into lines.

Knows how the files look. Must not know who is enrolled already, nor keep anything of a reader.
"""
