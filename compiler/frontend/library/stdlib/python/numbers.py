"""The numeric tower."""
from abc import ABCMeta


class Number(metaclass=ABCMeta):
    __slots__ = ()
    __hash__ = None


class Complex(Number):
    pass


class Real(Complex):
    pass


class Rational(Real):
    pass


class Integral(Rational):
    pass


Number.register(int)
Number.register(float)
Number.register(complex)
Complex.register(int)
Complex.register(float)
Complex.register(complex)
Real.register(int)
Real.register(float)
Rational.register(int)
Integral.register(int)
