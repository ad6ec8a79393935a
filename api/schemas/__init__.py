"""The shapes of the JSON API: arguments (marshmallow, checked and documented by flask-smorest) and
answers (msgspec structs).

Knows names, types, limits and their descriptions. Must not know where an answer's values come from.
"""
