"""Servers that the bench measures: ours, and what ours is compared with. Each is a program of its own."""
