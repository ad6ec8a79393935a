"""Background work: what a job is, its states, and the arithmetic of schedules.

Knows when something is due and what may follow which state. Must not know the queue, the processes, or what
any job does.
"""
