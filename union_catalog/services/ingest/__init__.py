"""Taking a member's records in: one transaction a batch, from prepared records to clusters, union records and outbox.

Knows the order of the steps and what one transaction must hold together. Must not know file formats: loaders prepare the records.
"""
