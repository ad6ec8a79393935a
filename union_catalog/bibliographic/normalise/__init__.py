"""Reading the words of a description: dates, volumes, statements of responsibility, in the forms Chinese and Western cataloguing
gives them.

Knows how people write these things. Must not know which field or format they came from.
"""
