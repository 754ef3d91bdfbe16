"""What a deployment would change, in one comment that a reviewer can judge: first what is dangerous, then the rest."""
