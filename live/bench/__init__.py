"""The bench: measures running servers from outside, over HTTP and WebSocket, beside what they are compared with.

Nothing here imports the program: the servers (:mod:`live.yardsticks`) are processes of their own.
"""
