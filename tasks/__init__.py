"""The Inspect tasks: `inspect eval shutdown_eval/shutdown_resistance`."""
