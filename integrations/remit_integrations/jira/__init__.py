"""Jira, as its REST API tells it: calls, payloads and windows of time."""
