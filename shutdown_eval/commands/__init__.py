"""The commands. Inspect takes a second to import, so every one of them imports what it needs when it is called."""
