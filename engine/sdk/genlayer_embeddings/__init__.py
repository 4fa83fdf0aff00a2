# SPDX-License-Identifier: MIT
"""Vectors in storage, and texts as vectors: ``import genlayer_embeddings as gle``. Needs numpy (Debian: python3-numpy).

The weights of real language models are not part of this engine: its vectors of texts (``SentenceTransformer``) tell which texts
share words and spellings, not which mean the same.
"""
import types

import numpy as np

from .model import SentenceTransformer
from .vec_db import VecDB, VecDBElement

__all__ = ["SentenceTransformer", "VecDB", "VecDBElement"]

if not hasattr(np, "dtypes"):
    # Annotations of contracts name what numpy has since 1.25.
    np.dtypes = types.SimpleNamespace(  # type: ignore[attr-defined]
        **{
            f"{np.dtype(name).name.capitalize()}DType": type(np.dtype(name))
            for name in ("f2", "f4", "f8", "i1", "i2", "i4", "i8")
        }
    )
