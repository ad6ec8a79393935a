"""What Prometheus is told: counted in every process, added up where it is asked for, with the state of the catalogue as it is then.

Knows requests by route, searches by engine, and the tables' figures. Must not know who asked, for what words, or from where: a label is
one of few values.
"""
