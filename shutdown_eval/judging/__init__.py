"""Judges: models that read what another model said. They never decide an outcome, and a judge that fails gives no number."""
