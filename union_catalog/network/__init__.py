"""Regions, libraries, branches and service points: what the network file says and how it differs from what is known.

Knows the shape of the network. Must not know how it is stored or who may change it.
"""
