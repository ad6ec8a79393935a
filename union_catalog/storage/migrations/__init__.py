"""Alembic's environment. A migration imports nothing of ours: it must mean the same in ten years."""
