"""Names of kinds."""
from enum import Enum


class Inter(Enum):
    NEAREST = 0
    LINEAR = 2
    BILINEAR = 2
    CUBIC = 3
    BICUBIC = 3
    AREA = 4
    PILCUBIC = 5
    ANTIALIAS = 1


class Border(Enum):
    CONSTANT = 'constant'
    EDGE = 'edge'
    REFLECT = 'reflect'
    SYMMETRIC = 'symmetric'
