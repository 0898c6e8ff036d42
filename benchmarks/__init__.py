"""How fast and how small: measured as ratios within one run. `make bench`; see README.md."""
