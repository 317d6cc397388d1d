"""The standard library subset."""
import abc, argparse, collections, collections.abc, contextlib, copy, dataclasses, difflib, enum, fnmatch, functools, importlib
import inspect, io, itertools, json, logging, math, numbers, operator, os, os.path, pathlib, random, re, string, sys, textwrap, types, typing, warnings
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from functools import partial, reduce, wraps
from typing import Any, Callable, Dict, Generic, List, Optional, Tuple, TypeVar, Union

@dataclass
class Point:
    x: int
    y: int = 0
    tags: List[str] = field(default_factory=list)
    def norm(self): return math.sqrt(self.x ** 2 + self.y ** 2)
p = Point(3, 4); print(p, p.norm(), p == Point(3, 4), Point(1).tags, dataclasses.asdict(p), dataclasses.replace(p, x=0), [f.name for f in dataclasses.fields(Point)])
try: Point()
except TypeError as e: print(e)
try: Point(1, 2, [], 4)
except TypeError as e: print(e)
@dataclass(frozen=True, order=True)
class F:
    a: int
    b: str = 'z'
    c: typing.ClassVar[int] = 7
try: F(1).a = 2
except dataclasses.FrozenInstanceError as e: print(type(e).__name__, e)
print(F(1) < F(2), hash(F(1)) == hash(F(1)), sorted([F(3), F(1)]), F.c, inspect.signature(F))
@dataclass
class Sub(Point):
    z: float = 1.5
    def __post_init__(self): self.total = self.x + self.y + self.z
print(Sub(1, 2).total, Sub(1))
class Color(Enum):
    RED = 1
    GREEN = auto()
    BLUE = 'b'
    ALIAS = 1
    @property
    def nice(self): return self.name.lower()
    @classmethod
    def parse(cls, v): return cls[v]
print(Color.RED, repr(Color.GREEN), Color('b'), Color['RED'].value, list(Color), Color.ALIAS is Color.RED, Color.RED.nice, Color.parse('BLUE'), len(Color), Color.RED in Color, isinstance(Color.RED, Color))
try: Color(9)
except ValueError as e: print(e)
class Num(IntEnum):
    ONE = 1
    TWO = 2
print(Num.ONE + 1, Num.TWO == 2, Num(1), repr(Num.ONE), f'{Num.ONE}', Num.ONE < Num.TWO, {Num.ONE: 1}[1], [0, 5][Num.ONE])
class Mode(str, Enum):
    A = 'a'
    B = 'b'
print(Mode.A == 'a', Mode('b'), Mode.A.value, str(Mode.A), f'{Mode.A}', repr(Mode.A), {'a': 1}[Mode.A], Mode.A.upper(), isinstance(Mode.A, str))
class Planet(Enum):
    EARTH = (5.9, 6.3)
    MARS = (0.6, 3.3)
    def __init__(self, mass, radius): self.mass, self.radius = mass, radius
print(Planet.MARS.mass, Planet.EARTH.value, Planet((5.9, 6.3)).name)
class Perm(enum.Flag):
    R = auto(); W = auto(); X = auto()
print((Perm.R | Perm.W).value, Perm.R in (Perm.R | Perm.X), bool(Perm.R & Perm.W), Perm.X)
Animal = Enum('Animal', 'CAT DOG'); print(list(Animal), Animal.DOG.value)
print(partial(pow, 2)(5), partial(int, base=2)('101'), reduce(lambda a, b: a * b, [1, 2, 3], 10))
@functools.lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
def deco(f):
    @wraps(f)
    def w(*a, **k): return f(*a, **k)
    return w
@deco
def doc(a, b=1): "Documented"
print(doc.__name__, doc.__doc__, inspect.signature(doc), doc.__wrapped__.__name__)
class CP:
    @functools.cached_property
    def v(self): print('computed'); return 5
c = CP(); print(c.v, c.v)
@functools.total_ordering
class TO:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(TO(1) >= TO(0), TO(1) <= TO(0))
@functools.singledispatch
def sd(x): return 'obj'
@sd.register(int)
def _(x): return 'int'
@sd.register
def _(x: str): return 'str'
print(sd(1), sd('a'), sd(2.0), sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
Pt = namedtuple('Pt', 'x y', defaults=[5]); q = Pt(1); print(q, q.x, q[1], q._replace(x=9), q._asdict(), Pt._fields, q == (1, 5), Pt._make([7, 8])); a, b = q; print(a, b)
class NT(typing.NamedTuple):
    name: str
    size: int = 3
    def twice(self): return self.size * 2
print(NT('a'), NT('b', 4).twice(), NT('a')[0])
d = defaultdict(list); d['a'].append(1); d['b']; print(d, dict(d), 'c' in d, d.get('z'))
od = OrderedDict([('a', 1), ('b', 2)]); od.move_to_end('a'); print(od, list(od), od.popitem(last=False), od == {'a': 1})
cn = Counter('abracadabra'); print(cn.most_common(2), cn['z'], cn + Counter('aaz'), sum(cn.values()))
dq = deque([1, 2, 3], maxlen=3); dq.append(4); dq.appendleft(0); dq.rotate(1); print(dq, dq.pop(), dq.popleft(), len(dq), list(dq))
print(list(collections.ChainMap({'a': 1}, {'b': 2}).items()))
print(isinstance([], collections.abc.Sequence), isinstance({}, collections.abc.Mapping), isinstance('a', collections.abc.Iterable), isinstance(5, collections.abc.Iterable), isinstance((x for x in []), collections.abc.Iterator), isinstance(len, collections.abc.Callable), issubclass(dict, collections.abc.MutableMapping), isinstance(1, numbers.Number), isinstance(True, numbers.Integral), isinstance([], collections.abc.Hashable))
class Base(abc.ABC):
    @abc.abstractmethod
    def go(self): ...
try: Base()
except TypeError as e: print(e)
class Impl(Base):
    def go(self): return 'gone'
print(Impl().go())
T = TypeVar('T')
class Box(Generic[T]):
    def __init__(self, v: T) -> None: self.v = v
print(Box[int](5).v, Optional[int], Union[int, str, None], List[Dict[str, int]], Callable[[int], str], Tuple[int, ...], Any, int | None, typing.get_type_hints(Box.__init__))
def sig(a, /, b: int, *args, c=5, d: 'str' = 'x', **kw) -> bool: ...
s = inspect.signature(sig); print(s, list(s.parameters), s.parameters['c'].default, s.parameters['args'].kind, s.bind(1, 2, 3, c=4).arguments)
print(inspect.signature(Box), inspect.signature(Point.norm), inspect.isclass(Box), inspect.isfunction(sig), inspect.ismethod(p.norm), inspect.getfullargspec(doc.__wrapped__).args, inspect.getdoc(doc), inspect.signature(partial(sig, 1, c=2)))
print(list(itertools.chain([1], [2, 3])), list(itertools.product('ab', [1, 2])), list(itertools.permutations([1, 2, 3], 2)), list(itertools.combinations('abc', 2)), list(itertools.accumulate([1, 2, 3])), list(itertools.repeat(7, 2)), list(itertools.zip_longest([1], [2, 3], fillvalue=0)), [(k, list(g)) for k, g in itertools.groupby('aabc')], list(itertools.islice(itertools.count(5), 1, 6, 2)), list(itertools.takewhile(lambda x: x < 3, [1, 2, 5, 1])), list(itertools.dropwhile(lambda x: x < 3, [1, 5, 1])), list(itertools.starmap(pow, [(2, 3)])), list(itertools.pairwise([1, 2, 3])), list(itertools.compress('abc', [1, 0, 1])), list(itertools.chain.from_iterable([[1], [2]])))
print(math.sqrt(2), math.ceil(2.1), math.floor(-2.1), math.gcd(12, 18), math.factorial(20), math.comb(5, 2), math.pi, math.log(8, 2), math.log2(8), math.isclose(0.1 + 0.2, 0.3), math.prod([2, 3]), math.hypot(3, 4), math.inf, math.trunc(2.7), math.exp(1), math.fsum([0.1] * 10), math.isqrt(17), math.copysign(1, -0.0), math.log(10**400), math.modf(2.5), math.frexp(8.5), math.erf(0.5), math.lcm(4, 6))
print(copy.copy([1, [2]]), copy.deepcopy({'a': [1, (2, [3])]}), copy.deepcopy(p) == p, copy.deepcopy(p).tags is p.tags)
cyc = [1]; cyc.append(cyc); dc = copy.deepcopy(cyc); print(dc[1] is dc, cyc)
print(json.dumps({'a': [1, 2.5, None, True, 'é"\n'], 'b': {}}), json.loads('{"x": [1, 2.0, "a\\u00e9", null, true, -1e3]}'), json.dumps([1, {'z': 1, 'a': 2}], indent=2, sort_keys=True))
try: json.loads('{bad}')
except json.JSONDecodeError as e: print(e)
m = re.match(r'(?P<k>\w+)=(\d+)', 'abc=123;'); print(m.group(), m.group('k'), m.groups(), m.groupdict(), m.span(2), m[2])
print(re.findall(r'\d+', 'a1b22'), re.sub(r'(\w)(\d)', r'\2\1', 'a1 b2'), re.split(r'[,;]\s*', 'a, b;c'), re.sub('x', lambda m: m.group().upper(), 'axbx', count=1), re.search('z', 'abc'), bool(re.fullmatch(r'\d{2}', '12')), re.compile('A', re.I).match('a').group(), re.escape('a.b'), [x.start() for x in re.finditer('a', 'banana')], re.split('(-)', 'a-b'))
random.seed(42); print(random.random(), random.randint(1, 100), random.choice('abc'), random.sample(range(100), 3), random.uniform(1, 2), random.gauss(0, 1), random.getrandbits(70)); l = list(range(5)); random.shuffle(l); print(l, random.Random(7).random(), random.choices([1, 2, 3], weights=[1, 1, 8], k=4), random.normalvariate(0, 1))
print(os.path.join('a', 'b', '/c', 'd'), os.path.splitext('x/y.tar.gz'), os.path.basename('/a/b.py'), os.path.dirname('/a/b.py'), os.path.normpath('a/../b/./c'), os.path.exists('/nonexistent'), os.sep)
print(pathlib.Path('a') / 'b.txt', pathlib.Path('/x/y.tar.gz').suffix, pathlib.Path('x/y.py').stem, repr(pathlib.Path('a/b').parent), pathlib.PurePath('/a/b').parts)
@contextlib.contextmanager
def cm(v):
    print('enter', v)
    try: yield v * 2
    except ValueError as e: print('caught', e)
    finally: print('exit')
with cm(2) as v: print(v)
with cm(3): raise ValueError('in body')
with contextlib.suppress(KeyError): {}['x']
with contextlib.ExitStack() as st: st.enter_context(cm(5)); st.callback(print, 'cb')
buf = io.StringIO(); print('to buf', file=buf); buf.write('x'); print(repr(buf.getvalue()))
with contextlib.redirect_stdout(buf): pass
print(string.ascii_lowercase, string.Template('$a ${b}').substitute(a=1, b=2), textwrap.dedent('  a\n   b'), textwrap.indent('a\nb', '> '), textwrap.wrap('the quick brown fox', 10))
print(fnmatch.filter(['a.py', 'b.txt'], '*.py'), fnmatch.fnmatch('resnet50', 'res*5?'), difflib.get_close_matches('appel', ['ape', 'apple', 'peach']), operator.itemgetter(1)([5, 6]), operator.attrgetter('x')(p), operator.add(1, 2), operator.itemgetter(0, 2)('abc'))
ap = argparse.ArgumentParser(); ap.add_argument('--lr', type=float, default=0.1); ap.add_argument('-v', '--verbose', action='store_true'); ap.add_argument('file'); ap.add_argument('--n', nargs='+', type=int)
ns = ap.parse_args(['f.txt', '--lr', '0.5', '-v', '--n', '1', '2']); print(ns.lr, ns.verbose, ns.file, ns.n)
print(types.SimpleNamespace(a=1, b='x'), isinstance(len, types.BuiltinFunctionType), isinstance(sig, types.FunctionType), importlib.import_module('math').pi, sys.version_info >= (3, 8), sys.maxsize > 2**32, sys.modules['math'] is math, 'math' in sys.modules)
print(eval('1 + x', {'x': 2}), eval('p.x + 1'), [type(x).__name__ for x in (1, 'a', None, [], (), {}, set(), 1.0, b'', len, sig, Box, p.norm, range(1), slice(1), ..., NotImplemented)])
logging.getLogger('x').debug('hidden'); warnings.simplefilter('ignore'); warnings.warn('quiet')
print(hasattr(typing, 'TYPE_CHECKING'), typing.cast(int, 'a'), dataclasses.is_dataclass(Point), vars(types.SimpleNamespace(q=1)))
