# SPDX-License-Identifier: MIT
"""What contracts import most. The engine imports this before it forks, so that runs find it loaded."""
# ruff: noqa: F401
import base64
import bisect
import collections
import copy
import csv
import dataclasses
import datetime
import decimal
import encodings.ascii
import encodings.idna
import encodings.latin_1
import encodings.utf_8
import enum
import fractions
import functools
import hashlib
import hmac
import html.parser
import inspect
import itertools
import json
import linecache
import math
import operator
import pathlib
import random
import re
import statistics
import string
import struct
import textwrap
import traceback
import typing
import unicodedata
import urllib.parse
import uuid
import zipfile
import zoneinfo

from . import run
