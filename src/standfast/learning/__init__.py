"""Pure learning from what was done: holdout, read-outs of experiments, learned response, drift."""
