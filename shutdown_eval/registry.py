"""What Inspect loads through the entry point: every task, scorer, sandbox provider and model of the suite."""
