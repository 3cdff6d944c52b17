"""How screens learn: journal → frames → sockets. The journal is the truth; every push is only the quick way to it."""
