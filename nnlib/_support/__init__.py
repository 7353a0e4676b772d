"""What the book leans on and does not teach: checks of what comes in, files, checkpoints, batches, threads."""
