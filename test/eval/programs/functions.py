"""Calls, closures, decorators, exact TypeErrors."""
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw
print(f(1, c=3), f(1, 2, 3, 4, c=5, e=6), f(*[1, 2], **{'c': 3, 'z': 1}))
def g(a, b, /, c, *, d): return a, b, c, d
print(g(1, 2, 3, d=4), g(1, 2, c=3, d=4))
def attempt(fn, *args, **kwargs):
    try:
        print(fn(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)
attempt(f)
attempt(f, 1)
attempt(g, 1, 2)
attempt(g, 1, 2, 3, 4, d=1)
attempt(g, a=1, b=2, c=3, d=4)
attempt(g, 1, 2, 3)
attempt(g, 1, 2, 3, c=3, d=4)
attempt(lambda x, y: x, 1)
attempt(lambda: 1, 1, 2)
attempt(lambda x=1: x, 1, 2)
attempt(g, 1, 2, 3, d=4, e=5)
attempt(len, 1)
attempt(int, 'x')
attempt(lambda: 1 + 'a')
attempt(lambda: 'a' + 1)
attempt(lambda: [1] + (2,))
attempt(lambda: [1][5])
attempt(lambda: {}['k'])
attempt(lambda: None.x)
attempt(lambda: (1).foo)
attempt(lambda: 1 < 'a')
attempt(lambda: 5())
attempt(lambda: undefined_name)
attempt(lambda: [1, 2, 3]['a'])
attempt(lambda: {[]: 1})
attempt(lambda: int('z', 16))
attempt(lambda: 1 // 0)
attempt(lambda: 1.5 % 0)
attempt(lambda: 'abc'.index('z'))
attempt(lambda: iter(5))
attempt(lambda: next(iter([])))
attempt(lambda: float('x'))
attempt(lambda: (1, 2) + [3])
attempt(lambda: 'a' * 'b')
attempt(lambda: -'a')
attempt(lambda: range(1, 2, 0))
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
c = counter(); c(); print(c(5), c.__name__, c.__qualname__)
fs = [lambda i=i: i * 10 for i in range(3)]; print([h() for h in fs])
fs = [lambda: i for i in range(3)]; print([h() for h in fs])
total = 0
def add(n):
    global total
    total += n
add(3); add(4); print(total)
def deco(tag):
    def wrap(fn):
        def inner(*a, **k):
            return (tag, fn(*a, **k))
        return inner
    return wrap
@deco('x')
@deco('y')
def h(v): return v
print(h(1))
def unbound():
    print(z)
    z = 1
attempt(unbound)
def mutable(x, acc=[]):
    acc.append(x)
    return acc
mutable(1); print(mutable(2), mutable.__defaults__)
def fact(n): return 1 if n < 2 else n * fact(n - 1)
print(fact(25))
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4))
def kwonly(*, a, b=2): return a, b
attempt(kwonly); attempt(kwonly, 1); print(kwonly(a=1))
def annotated(x: int, y: 'str' = 'q') -> float:
    """Doc."""
    return x
print(annotated.__doc__, annotated.__annotations__, annotated.__module__)
first, *rest = [1, 2, 3]; print(first, rest)
*init, last = 'abc'; print(init, last)
(a, (b, c2)), d2 = (1, (2, 3)), 4; print(a, b, c2, d2)
attempt(lambda: (lambda: [None for x, y in [(1, 2, 3)]])())
attempt(lambda: [None for x, y in [(1,)]])
attempt(lambda: [None for x, y in [5]])
if (m := 10) > 5: print(m)
print([y := 1, y**2], [last := v for v in range(3)], last)
print({k: v for k, v in zip('ab', range(2))}, {v % 2 for v in range(5)}, sum(v for v in range(4) if v % 2), [(p, q) for p in range(2) for q in range(p)])
def recursive(): return recursive()
try:
    recursive()
except RecursionError as error:
    print('RecursionError', error)
def varnames(a, b):
    c = a + b
    return locals()
print(varnames(1, 2))
del m
attempt(lambda: m)
x = y = [0]; x.append(1); print(y)
def outer():
    x = 'outer'
    class Inner:
        x = 'class'
        y = x
        def get(self): return x
    return Inner.y, Inner().get()
print(outer())
print(max(range(3), key=lambda v: -v), sorted([(1, 'b'), (1, 'a')]), print.__name__)
