"""Classes, inheritance, descriptors, metaclasses."""
class A:
    count = 0
    def __init__(self, x=1):
        self.x = x
        A.count += 1
    def __repr__(self): return f'A({self.x})'
    def __eq__(self, other): return isinstance(other, A) and self.x == other.x
    def __hash__(self): return hash(self.x)
    def __add__(self, o): return A(self.x + (o.x if isinstance(o, A) else o))
    def __radd__(self, o): return A(o + self.x)
    def __iadd__(self, o): self.x += o; return self
    def __lt__(self, o): return self.x < o.x
    def __len__(self): return self.x
    def __getitem__(self, i): return i
    def __call__(self, *a): return a
    def __contains__(self, v): return v == self.x
    def __bool__(self): return self.x != 0
    def __neg__(self): return A(-self.x)
    def __iter__(self): return iter(range(self.x))
    def __enter__(self): print('enter'); return self
    def __exit__(self, t, v, tb): print('exit', t and t.__name__); return t is ValueError
    def __int__(self): return self.x
    def __index__(self): return self.x
    def __matmul__(self, o): return 'matmul'
    def __getattr__(self, name):
        if name.startswith('dyn'): return name
        raise AttributeError(name)
    @property
    def double(self): return self.x * 2
    @double.setter
    def double(self, v): self.x = v // 2
    @staticmethod
    def s(v): return v
    @classmethod
    def make(cls, v): return cls(v)
a = A(3)
print(a, a + 1, 1 + a, a + A(4), a == A(3), a != A(4), A(1) < a, len(a), a[5], a[1:2], a(1, 2), 3 in a, bool(A(0)), -a, list(a), a.double, A.s(1), A.make(9), a.dyn1)
a += 5; a.double = 40; print(a, sorted([A(3), A(1)]), {A(1): 'v'}[A(1)], [10, 20, 30][A(1)], a @ a, hasattr(a, 'nope'), A.count)
with a as b: raise ValueError('swallowed')
try:
    with a: raise KeyError('k')
except KeyError as e: print('caught', e)
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def __repr__(self): return 'B<' + super().__repr__() + '>'
print(B(1, 2), B.__mro__, B.__bases__, isinstance(B(1, 2), A), B.__name__, B(1, 2).__dict__, B.count)
class X:
    def who(self): return 'X'
class Y(X):
    def who(self): return 'Y' + super().who()
class Z(X):
    def who(self): return 'Z' + super(Z, self).who()
class W(Y, Z): pass
print(W().who(), [c.__name__ for c in W.mro()])
try:
    class Bad(X, Y): pass
except TypeError as e: print(e)
class Desc:
    def __set_name__(self, owner, name): self.name = '_' + name
    def __get__(self, o, t=None): return self if o is None else getattr(o, self.name, 'unset')
    def __set__(self, o, v): setattr(o, self.name, v * 2)
    def __delete__(self, o): delattr(o, self.name)
class D:
    d = Desc()
o = D(); print(o.d); o.d = 4; print(o.d, o.__dict__); del o.d; print(o.d, type(D.d).__name__)
class Meta(type):
    registry = []
    def __new__(mcs, name, bases, ns, **kw):
        cls = super().__new__(mcs, name, bases, ns)
        cls.tag = kw.get('tag', 'none')
        mcs.registry.append(name)
        return cls
    def __init__(cls, name, bases, ns, **kw): super().__init__(name, bases, ns)
    def __call__(cls, *a, **k):
        obj = super().__call__(*a, **k)
        obj.made = True
        return obj
    def __len__(cls): return 42
    @property
    def prop(cls): return cls.__name__ + '!'
class M(metaclass=Meta, tag='t'):
    def __init__(self, v): self.v = v
class N(M): pass
print(M.tag, N.tag, Meta.registry, M(1).made, len(M), N.prop, type(N).__name__)
class Base:
    subs = []
    def __init_subclass__(cls, /, kind=None, **kw):
        super().__init_subclass__(**kw)
        cls.subs.append((cls.__name__, kind))
class S1(Base, kind='k'): pass
print(Base.subs)
class Single:
    _inst = None
    def __new__(cls, *a):
        if cls._inst is None: cls._inst = super().__new__(cls)
        return cls._inst
print(Single(1) is Single(2))
T = type('T', (A,), {'z': 5, 'hi': lambda self: self.z}); print(T(2).hi(), T.__name__)
class L(list):
    def total(self): return sum(self)
l = L([1, 2, 3]); l.append(4); l.extra = 1; print(l, l.total(), len(l), l[1:], isinstance(l, list), l == [1, 2, 3, 4])
class DD(dict):
    __getattr__ = dict.get
    __setattr__ = dict.__setitem__
    def __missing__(self, k): return 'missing ' + str(k)
d = DD(a=1); d.b = 2; print(d.a, d.b, d.zzz, d['q'], d)
class I(int):
    def __add__(self, o): return I(int.__add__(self, o))
    def __repr__(self): return f'I({int(self)})'
print(I(3) + 4, I(3) * 2, I(5) == 5, {5: 'x'}[I(5)], I(2) < 3, f'{I(7):03d}', str(I(1)))
class St(str):
    def shout(self): return self.upper() + '!'
print(St('a').shout(), St('ab') + 'c', St('x') == 'x', {'x': 1}[St('x')], isinstance(St('q'), str), len(St('abc')), '-'.join([St('p'), 'q']))
class P:
    __slots__ = ('a', '__private')
    def __init__(self): self.__private = 5; self.a = 1
    def get(self): return self.__private
print(P().get())
class G:
    def __getattribute__(self, n):
        if n == 'magic': return 'abra'
        return object.__getattribute__(self, n)
g = G(); g.y = 2; print(g.magic, g.y, getattr(g, 'none', 'default'))
class SA:
    def __setattr__(self, k, v): object.__setattr__(self, k, v + 1)
    def __delattr__(self, k): print('del', k); super().__delattr__(k)
sa = SA(); sa.v = 1; print(sa.v); del sa.v; print(hasattr(sa, 'v'))
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), max(It()), [*It()], sum(It()), 2 in It())
print(A.__init__.__qualname__, A.s.__name__, type(a.make).__name__, a.__class__.__name__, A.__dict__['s'].__class__.__name__)
try: A.nope
except AttributeError as e: print(e)
try: D().zz
except AttributeError as e: print(e)
try: object().x = 1
except AttributeError as e: print(e)
try: a.s = 1; print(a.s)
except AttributeError as e: print(e)
class RO:
    @property
    def p(self): return 1
try: RO().p = 2
except AttributeError as e: print(e)
class NotImpl:
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
print(NotImpl() == 1, NotImpl() != 1)
try: NotImpl() < NotImpl()
except TypeError as e: print(e)
try: {NotImpl()}
except TypeError as e: print(e)
class GetItemOnly:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * i
print(list(GetItemOnly()), 4 in GetItemOnly())
class Outer:
    class Inner:
        v = 1
    def m(self): return __class__.__name__
print(Outer.Inner.v, Outer.Inner.__qualname__, Outer().m())
class CG:
    def __class_getitem__(cls, k): return f'{cls.__name__}[{k}]'
print(CG[int], list[int], dict[str, int])
print(isinstance(1, (str, int)), isinstance('a', int | str), vars(RO()).__class__.__name__)
class Fmt:
    def __format__(self, s): return 'fmt:' + s
    def __str__(self): return 'str'
print(f'{Fmt():abc} {Fmt()!s}', '{:>5}'.format('x'), format(Fmt(), 'q'))
class Copy:
    def __reversed__(self): return iter('rev')
    def __round__(self, n=None): return 'r', n
    def __abs__(self): return 'abs'
    def __divmod__(self, o): return 'dm'
    def __floordiv__(self, o): return 'fd'
    def __rtruediv__(self, o): return 'rtd'
    def __rpow__(self, o): return 'rpow'
    def __invert__(self): return 'inv'
    def __ge__(self, o): return 'ge'
print(list(reversed(Copy())), round(Copy(), 1), abs(Copy()), divmod(Copy(), 1), Copy() // 2, 1 / Copy(), 2 ** Copy(), ~Copy(), Copy() >= 1, 1 <= Copy())
print(super(B, B(1, 2)).__repr__(), B.__init__ is not A.__init__, B.__doc__, A.__module__)
