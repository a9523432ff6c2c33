"""``python -m standfast`` is the command ``standfast``."""

from standfast.cli import main

if __name__ == "__main__":
    main(prog_name="standfast")
