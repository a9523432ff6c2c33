"""A made-up software company's tables, with the latent health behind them that a real book never shows."""
