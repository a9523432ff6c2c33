"""From probabilities and money to tiers, cells, segments and a plan; pure functions over frames."""
