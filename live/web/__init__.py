"""How browsers talk to us: thin handlers over acts, states and feeds."""
