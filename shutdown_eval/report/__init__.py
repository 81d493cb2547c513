"""One page from an analysis: it opens offline, needs no script, and shows data as text and never as markup."""
