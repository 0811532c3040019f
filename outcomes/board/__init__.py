"""The public board (公示栏): reads released snapshots and nothing else, without session, cookie or script."""
