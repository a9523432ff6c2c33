"""standfast: churn risk against reward, turned into an outreach plan that fits the team's hours."""

__version__ = "0.1.0"
