"""EventBridge and EventBridge Scheduler on this machine: what MiniStack has not of them."""
