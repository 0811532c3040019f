"""Settings: `base` is complete (the demo runs on it), `test` and `production` only override."""
