"""The plan: what is run, compared and expected, written down before anything is spent, with a hash that the logs carry."""
