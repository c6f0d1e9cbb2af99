"""Trees: nodes of a document → nodes of a `TreeEnsemble`, exactly, whatever is missing or invalid."""
