# SPDX-License-Identifier: MIT
"""What runs a contract: loading, dispatch to the entry point, nested runs, and the one way to the engine. Not for contracts."""
