"""pickle → PMML through sklearn2pmml (AGPL-3.0, extra `jpmml`), kept quiet, offline and honest."""
