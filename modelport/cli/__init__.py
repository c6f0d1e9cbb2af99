"""The `modelport` command: one file a verb. It calls `modelport.api` and shows what comes back, nothing else."""
