"""Measurements: each figure beside a baseline of the same run where there is one. Never a test; nothing here fails for being slow.

``python -m benchmarks [NAME …]`` runs them and writes docs/benchmarks.md and docs/benchmarks.json.
"""
