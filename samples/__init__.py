"""Real sample data as raw objects: made from packages that ship it, brought into a raw bucket."""
