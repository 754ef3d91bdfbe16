"""The stages of the job that turns raw objects into a curated table, and what they share."""
