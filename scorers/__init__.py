"""The Inspect scorers, one file each."""
