"""From logs to claims: episodes as a table, statistics on it, and what they come to. Needs the `report` extra."""
