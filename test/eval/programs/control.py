"""Statements, exceptions, generators, context managers, match."""
for i in range(3):
    if i == 1: continue
    print(i, end=' ')
else: print('done')
for i in range(3):
    if i == 1: break
else: print('never')
n = 0
while n < 3: n += 1
else: print('while', n)
def t(n):
    try:
        if n == 0: return 'ret'
        if n == 1: raise ValueError('v')
        if n == 2: raise KeyError('k')
        print('body')
    except ValueError as e:
        print('handler', e, type(e), e.args)
        return 'handled'
    except (KeyError, IndexError) as e:
        print(repr(e)); raise RuntimeError('wrapped') from e
    else: print('else')
    finally: print('finally', n)
    return 'end'
print(t(0), t(1), t(3))
try: t(2)
except RuntimeError as e: print(e, repr(e.__cause__), e.__cause__ is e.__context__)
try:
    try: 1 / 0
    except ZeroDivisionError: raise KeyError('second')
except KeyError as e: print(repr(e.__context__))
def ff():
    for i in range(5):
        try:
            if i == 2: continue
            if i == 3: break
        finally: print('f', i)
    return i
print(ff())
class MyError(Exception):
    def __init__(self, code, msg='m'):
        super().__init__(msg); self.code = code
try: raise MyError(5)
except Exception as e: print(e.code, e, e.args, isinstance(e, MyError))
class E2(ValueError): pass
try: raise E2
except ValueError as e: print(type(e).__name__, str(e) == '')
try: raise ValueError('a', 1)
except ValueError as e: print(e, e.args)
try: assert 1 == 2, 'not equal'
except AssertionError as e: print('assert', e)
try: raise 5
except TypeError as e: print(e)
def gen(n):
    for i in range(n):
        r = yield i
        if r: print('got', r)
    return 'result'
g = gen(3); print(next(g), g.send('hi'), list(g))
def deleg():
    r = yield from gen(2); print('r', r)
    yield from [10, 20]
    yield from (x * x for x in range(3))
print(list(deleg()))
def g2():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print('in gen', e); yield 99
    finally: print('cleanup')
k = g2(); print(next(k), k.throw(ValueError('boom'))); k.close()
k = g2(); next(k); k.close()
def inf():
    n = 0
    while True: yield n; n += 1
import itertools
print(list(itertools.islice(inf(), 4)), [x for x, _ in zip(inf(), range(3))])
def expr():
    x = (yield 1) + (yield 2)
    print('sum', x)
    y = [(yield 3), (yield 4)]
    if (yield 5): print('cond')
    return (x, y)
e = expr(); next(e); e.send(10); e.send(20); e.send('a'); e.send('b')
try: e.send(True)
except StopIteration as s: print(s.value)
class CM:
    def __init__(self, n, swallow=False): self.n, self.swallow = n, swallow
    def __enter__(self): print('in', self.n); return self.n
    def __exit__(self, *a): print('out', self.n, a[0]); return self.swallow
with CM(1) as p, CM(2) as q: print(p, q)
with CM(3, True): raise OSError
def wret():
    with CM(4): return 'from with'
print(wret())
def m(v):
    match v:
        case 0: return 'zero'
        case int(x) if x > 100: return f'big {x}'
        case int() | float(): return 'num'
        case 'a' | 'b': return 'ab'
        case [1, *rest]: return f'one {rest}'
        case (x, y): return f'pair {x} {y}'
        case {'k': val, **others}: return f'map {val} {others}'
        case Pt(x=0, y=yy): return f'pt {yy}'
        case Pt(a, b): return f'pos {a} {b}'
        case None: return 'none'
        case str() as s: return 'str ' + s
        case _: return 'other'
class Pt:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
for v in (0, 500, 5, 2.5, 'a', [1, 2, 3], (4, 5), {'k': 1, 'z': 2}, Pt(0, 7), Pt(3, 4), None, 'zz', object): print(m(v))
try:
    raise ExceptionGroup('eg', [ValueError(1), TypeError(2), ValueError(3)])
except* ValueError as eg: print('V', [str(x) for x in eg.exceptions])
except* TypeError as eg: print('T', eg.exceptions)
x = [1, 2, 3]
for i, v in enumerate(x): x[i] = v * 2
print(x, [i for i in range(20) if i % 3 == 0 if i % 2 == 0])
d = {'a': 1}
try:
    for k in d: d[k + 'x'] = 1
except RuntimeError as e: print(e)
def scope():
    try: raise ValueError('q')
    except ValueError as err: pass
    try: err
    except UnboundLocalError as e: print(e)
scope()
def nested():
    def a():
        yield 1
        return 2
    def b():
        v = yield from a()
        yield v
    return list(b())
print(nested())
gexp = (i for i in range(3)); print(next(gexp), sum(gexp), list(gexp))
print(type(gexp).__name__, [*map(str, range(3))], dict(a=1, **{'b': 2}))
class Ctx:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return False
def gen_with():
    with Ctx():
        yield 'w'
    try: yield 't'
    finally: print('gf')
    for i in range(2):
        while True:
            yield i; break
        else: yield 'no'
    if True: yield 'if'
print(list(gen_with()))
del x[0], x[-1]; print(x)
a, b = 1, 2; a, b = b, a; print(a, b)
x = 5; x -= 2; x **= 3; x //= 4; x %= 4; x <<= 3; x |= 1; x ^= 3; x &= 0xff; x >>= 1; print(x)
print(1 if None else 2, [] or 'empty', None is not None, not [], 1 not in [2], 'a' is 'a')
try:
    try: raise ValueError('inner')
    finally: print('fin')
except ValueError as e: print('outer', e)
def ret_finally():
    try: return 1
    finally: return 2
print(ret_finally())
raise_in = None
try: raise_in.x
except AttributeError as e: print(e)
try:
    def stop(): yield 1; raise StopIteration
    list(stop())
except RuntimeError as e: print(e)
global_var: int = 3
print(global_var, __name__)
if __name__ == '__main__': print('main')
