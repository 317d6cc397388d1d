from _msc.ops import *
