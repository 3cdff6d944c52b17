"""Jaring: live question-and-answer for a public forum, from the first question to the published follow-up list."""

__version__ = "0.1.0"
