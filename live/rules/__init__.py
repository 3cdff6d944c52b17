"""What may happen: pure Python, no clock, no input or output. Imports nothing of ours."""
