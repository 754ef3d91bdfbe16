"""A Glue that runs things: crawlers, jobs, triggers, workflows and security configurations on this machine."""
