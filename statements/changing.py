"""Many decisions about the lines of an import at once: all of them or none."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched
from typing import NamedTuple
