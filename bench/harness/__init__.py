# SPDX-License-Identifier: MIT
"""What `./dev bench` runs: private servers, alternating rounds, ratios inside one run."""
