"""Human review: a queue of episodes to look at, and its labels turned into edits of the scores and into agreement."""
