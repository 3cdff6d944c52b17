"""What people do: one function is one act is one transaction. They commit; they never tell a screen."""
