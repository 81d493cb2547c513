"""The embedded sandbox: the machine in bubblewrap's namespaces. `provider` is what Inspect sees; the rest knows no Inspect."""
