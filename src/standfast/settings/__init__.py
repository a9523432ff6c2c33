"""Settings: a TOML file read into frozen, validated values; every business number has its default there."""

from standfast.settings.reading import DEFAULT_FILE, build_settings, load_settings
from standfast.settings.values import DATABASE_VARIABLE, PERIODS_PER_YEAR, Paths, Settings

__all__ = [
    "DATABASE_VARIABLE",
    "DEFAULT_FILE",
    "PERIODS_PER_YEAR",
    "Paths",
    "Settings",
    "build_settings",
    "load_settings",
]
