# SPDX-License-Identifier: MIT
"""One file per question of the benchmark."""
