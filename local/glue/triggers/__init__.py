"""Glue triggers: what starts crawlers and jobs, on demand, by the clock, on events, or when others have ended."""
