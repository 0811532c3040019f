"""The demonstration: five real matters under their hosts and a believable sample year for one county."""
