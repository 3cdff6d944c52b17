"""What leaves on paper or as a file: built from one set of facts, masked, and safe to open."""
