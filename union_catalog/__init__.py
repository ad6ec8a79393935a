"""The domain of the union catalogue: description, matching, holdings, network, search, and the use cases over them.

Knows the rules of the field and how they are stored. Must not know any web framework, search client or harvester.
"""
