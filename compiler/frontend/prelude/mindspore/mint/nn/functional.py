"""mint.nn.functional from the API tables."""
from _msc.functional import *
