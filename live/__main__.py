"""`python -m live COMMAND`: makes the environment on first use, then runs the command inside it."""

import sys

from live.bootstrap import enter

if __name__ == "__main__":
    sys.exit(enter(sys.argv[1:]))
