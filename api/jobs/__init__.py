"""Background work put together: the queue, the table of schedules, and the process that leads and works.

Knows the queue's library and which function does which job. Must not know how a job does its work: that is
the services'.
"""
