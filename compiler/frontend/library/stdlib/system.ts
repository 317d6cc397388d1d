/** sys, time, os and os.path: what a program may ask its surroundings, all answered by the Host. */
import {
  classOf,
  exceptionType,
  fileNotFoundError,
  method,
  native,
  nativeClass,
  nativeModule,
  needText,
  notImplementedError,
  permissionError,
  PyClass,
  PyDict,
  PyException,
  PyFloat,
  PyList,
  PyObject,
  PyTuple,
  Raised,
  realValue,
  textOf,
  tuple,
  machineOf,
  typeError,
  getter,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

/** A standard stream. */
class Stream extends PyObject {
  write: (text: string) => void = () => undefined;
  name = '';
}

const streamType: PyClass = nativeClass({
  name: 'TextIOWrapper',
  module: '_io',
  allocate: (cls) => new Stream(cls),
  members: [
    method('write(self, text, /)', (_py, [self, text]) => {
      if (self instanceof Stream) self.write(needText(text));
      return [...needText(text)].length;
    }),
    method('flush(self, /)', () => null),
    method('isatty(self, /)', () => false),
    method('fileno(self, /)', () => 1),
    getter('encoding', () => 'utf-8'),
    getter('name', (_py, self) => (self instanceof Stream ? self.name : '')),
  ],
});

function stream(name: string, write: (text: string) => void): Stream {
  const made = new Stream(streamType);
  made.write = write;
  made.name = name;
  return made;
}

function exit(code: PyValue): never {
  throw new Raised(new PyException(exceptionType('SystemExit'), [code]));
}

const versionInfo = tuple(3, 12, 1, 'final', 0);

/** `sys.float_info`, `sys.flags`: objects that only have attributes. */
function record(name: string, fields: Readonly<Record<string, PyValue>>): PyObject {
  const made = new PyObject(nativeClass({ name, module: 'sys', openInstances: true, members: [] }));
  made.attributes = new PyDict();
  for (const [key, value] of Object.entries(fields)) made.attributes.map.set(key, value);
  return made;
}

const floatInfo = (): PyObject =>
  record('float_info', {
    max: new PyFloat(Number.MAX_VALUE),
    min: new PyFloat(2.2250738585072014e-308),
    epsilon: new PyFloat(Number.EPSILON),
    dig: 15,
    mant_dig: 53,
  });

export const sys = nativeModule('sys', (py): Member[] => [
  ['argv', new PyList([...py.host.arguments])],
  ['path', new PyList([])],
  ['modules', py.modules],
  ['version', '3.12.1'],
  ['version_info', versionInfo],
  ['hexversion', 0x030c01f0],
  ['platform', 'linux'],
  ['byteorder', 'little'],
  ['executable', ''],
  ['prefix', ''],
  ['maxsize', 9223372036854775807n],
  ['maxunicode', 0x10ffff],
  ['float_info', floatInfo()],
  ['flags', record('flags', { optimize: 0, debug: 0 })],
  ['implementation', record('implementation', { name: 'cpython' })],
  ['builtin_module_names', new PyTuple([])],
  ['stdout', stream('<stdout>', (text) => py.host.writeOutput(text))],
  ['stderr', stream('<stderr>', (text) => py.host.writeError(text))],
  ['stdin', null],
  native('exit(status=None, /)', (_py, [status]) => exit(status)),
  native('getrecursionlimit()', () => py.limits.maxDepth),
  native('setrecursionlimit(limit, /)', () => null),
  native('getsizeof(object, default=None)', () => 64),
  native('getrefcount(object, /)', () => 1),
  native('intern(string, /)', (_py, [text]) => text),
  native('exc_info()', () => {
    const handling = machineOf(py).handling;
    return handling ? new PyTuple([handling.cls, handling, null]) : new PyTuple([null, null, null]);
  }),
  native('getdefaultencoding()', () => 'utf-8'),
  native('_getframe(depth=0, /)', () => {
    throw notImplementedError('sys._getframe is not available');
  }),
]);

/** Time stands still unless the Host says otherwise, so that runs are reproducible. */
export const time = nativeModule('time', (py) => [
  ...['time', 'perf_counter', 'monotonic', 'process_time'].map((name) =>
    native(`${name}()`, () => new PyFloat(py.host.now())),
  ),
  ...['time_ns', 'perf_counter_ns', 'monotonic_ns'].map((name) =>
    native(`${name}()`, () => Math.round(py.host.now() * 1e9)),
  ),
  native('sleep(secs, /)', () => null),
  native('strftime(format, t=None, /)', (_py, [format]) =>
    formatTime(needText(format), new Date(py.host.now() * 1000)),
  ),
  native('localtime(secs=None, /)', (_py, [seconds]) =>
    timeTuple(new Date((realValue(seconds) ?? py.host.now()) * 1000)),
  ),
  native('gmtime(secs=None, /)', (_py, [seconds]) => timeTuple(new Date((realValue(seconds) ?? py.host.now()) * 1000))),
]);

function timeTuple(date: Date): PyTuple {
  const dayOfYear =
    Math.floor(
      (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) /
        86400000,
    ) + 1;
  return tuple(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    (date.getUTCDay() + 6) % 7,
    dayOfYear,
    0,
  );
}

/** `strftime` in UTC. */
export function formatTime(format: string, date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getUTCFullYear()),
    m: two(date.getUTCMonth() + 1),
    d: two(date.getUTCDate()),
    H: two(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    y: two(date.getUTCFullYear() % 100),
    '%': '%',
  };
  return format.replace(/%(.)/g, (all, letter: string) => parts[letter] ?? all);
}

/** A path as text: str or an object with `__fspath__`. */
export function pathText(py: Interpreter, value: PyValue): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  const special = py.findSpecial(value, '__fspath__');
  const path = special === undefined ? undefined : textOf(py.call(special, []));
  if (path === undefined) throw typeError(`expected str, bytes or os.PathLike object, not ${classOf(value).name}`);
  return path;
}

/** A path made absolute against the working directory, without `.` and `..`. */
export function absolutePath(py: Interpreter, path: string): string {
  return normalize(path.startsWith('/') ? path : `${py.host.workingDirectory}/${path}`);
}

export function normalize(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !rooted) parts.push(part);
  }
  return (rooted ? '/' : '') + parts.join('/') || '.';
}

export function joinPaths(first: string, ...rest: readonly string[]): string {
  return rest.reduce(
    (path, part) => (part.startsWith('/') ? part : path === '' || path.endsWith('/') ? path + part : `${path}/${part}`),
    first,
  );
}

function splitPath(path: string): [string, string] {
  const at = path.lastIndexOf('/') + 1;
  const head = path.slice(0, at);
  return [/^\/*$/.test(head) ? head : head.replace(/\/+$/, ''), path.slice(at)];
}

function splitExtension(path: string): [string, string] {
  const found = /^(.*[^/.][^/]*|.*\/\.+[^/]+?|\.*[^/.]+[^/]*)(\.[^./]*)$/s.exec(path);
  return found ? [found[1], found[2]] : [path, ''];
}

const pathFunctions: readonly Member[] = [
  native('join(a, /, *p)', (py, [first, rest]) =>
    joinPaths(pathText(py, first), ...py.collect(rest).map((part) => pathText(py, part))),
  ),
  native('basename(p)', (py, [path]) => splitPath(pathText(py, path))[1]),
  native('dirname(p)', (py, [path]) => splitPath(pathText(py, path))[0]),
  native('split(p)', (py, [path]) => tuple(...splitPath(pathText(py, path)))),
  native('splitext(p)', (py, [path]) => tuple(...splitExtension(pathText(py, path)))),
  native('abspath(path)', (py, [path]) => absolutePath(py, pathText(py, path))),
  native('realpath(filename)', (py, [path]) => absolutePath(py, pathText(py, path))),
  native('normpath(path)', (py, [path]) => normalize(pathText(py, path))),
  native('expanduser(path)', (py, [path]) =>
    pathText(py, path).replace(/^~(?=\/|$)/, py.host.environment.get('HOME') ?? '~'),
  ),
  native('expandvars(path)', (py, [path]) =>
    pathText(py, path).replace(
      /\$(\w+)|\$\{(\w+)\}/g,
      (all, a?: string, b?: string) => py.host.environment.get(a ?? b ?? '') ?? all,
    ),
  ),
  native('isabs(s)', (py, [path]) => pathText(py, path).startsWith('/')),
  native('exists(path)', (py, [path]) => py.host.kindOf(pathText(py, path)) !== 'absent'),
  native('isfile(path)', (py, [path]) => py.host.kindOf(pathText(py, path)) === 'file'),
  native('isdir(s)', (py, [path]) => py.host.kindOf(pathText(py, path)) === 'directory'),
  native('islink(path)', () => false),
  native('relpath(path, start=None)', (py, [path, start]) => {
    const target = absolutePath(py, pathText(py, path)).split('/');
    const from = absolutePath(py, start === null ? '.' : pathText(py, start)).split('/');
    const common = target.findIndex((part, index) => part !== from[index]);
    const shared = common < 0 ? Math.min(target.length, from.length) : common;
    return [...from.slice(shared).map(() => '..'), ...target.slice(shared)].join('/') || '.';
  }),
  native('commonprefix(m)', (py, [paths]) => {
    const texts = py.collect(paths).map((path) => pathText(py, path));
    let prefix = texts[0] ?? '';
    for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
    return prefix;
  }),
  native('getsize(filename)', (py, [path]) => readBytes(py, pathText(py, path)).length),
  ['sep', '/'],
  ['pardir', '..'],
];

export const osPath = nativeModule('os.path', () => pathFunctions);
export const posixPath = nativeModule('posixpath', () => pathFunctions);

/** The bytes of a file, or the Python exception for why not. */
export function readBytes(py: Interpreter, path: string): Uint8Array {
  const content = py.host.readFile(path);
  if (content.ok) return content.value;
  const { kind, message } = content.error;
  if (kind === 'missing') throw fileError(fileNotFoundError(''), 2, 'No such file or directory', path);
  if (kind === 'directory')
    throw new Raised(new PyException(exceptionType('IsADirectoryError'), [21, 'Is a directory', path]));
  throw fileError(permissionError(''), 13, message, path);
}

function fileError(raised: Raised, number: number, text: string, path: string): Raised {
  return new Raised(new PyException(raised.exception.cls, [number, text, path]));
}

/** Something that would reach outside of the evaluator. */
function refused(what: string): (py: Interpreter, bound: PyValue[]) => PyValue {
  return () => {
    throw fileError(permissionError(''), 1, `${what} is not allowed while msc runs Python code`, '');
  };
}

function environment(py: Interpreter): PyDict {
  const dict = new PyDict();
  for (const [name, value] of py.host.environment) dict.map.set(name, value);
  return dict;
}

export const os = nativeModule('os', (py): Member[] => {
  const environ = environment(py);
  return [
    ['name', 'posix'],
    ['sep', '/'],
    ['linesep', '\n'],
    ['pathsep', ':'],
    ['curdir', '.'],
    ['pardir', '..'],
    ['devnull', '/dev/null'],
    ['environ', environ],
    ['path', py.importModule('os.path')],
    ['PathLike', nativeClass({ name: 'PathLike', module: 'os', members: [] })],
    ['error', exceptionType('OSError')],
    native('getenv(key, default=None)', (_py, [key, fallback]) => environ.map.get(needText(key)) ?? fallback),
    native('getcwd()', () => py.host.workingDirectory),
    native('getpid()', () => 1),
    native('cpu_count()', () => 1),
    native('fspath(path)', (_py, [path]) => pathText(py, path)),
    native("listdir(path='.')", (_py, [path]) => new PyList([...py.host.listDirectory(pathText(py, path))])),
    native('makedirs(name, mode=511, exist_ok=False)', (_py, [name, , mayExist]) =>
      makeDirectory(py, pathText(py, name), mayExist === true),
    ),
    native('mkdir(path, mode=511)', (_py, [name]) => makeDirectory(py, pathText(py, name), false)),
    native('remove(path)', (_py, [path]) => removeFile(py, pathText(py, path))),
    native('unlink(path)', (_py, [path]) => removeFile(py, pathText(py, path))),
    ...['system', 'popen', 'rename', 'rmdir', 'kill', 'fork', 'execv'].map((name) =>
      native(`${name}(*args)`, refused(`os.${name}`)),
    ),
  ];
});

function makeDirectory(py: Interpreter, path: string, mayExist: boolean): null {
  const kind = py.host.kindOf(path);
  if (kind === 'file' || (kind === 'directory' && !mayExist))
    throw new Raised(new PyException(exceptionType('FileExistsError'), [17, 'File exists', path]));
  const made = py.host.makeDirectory?.(path);
  if (made?.ok) return null;
  throw fileError(permissionError(''), 13, made ? made.error.message : 'folders cannot be made here', path);
}

function removeFile(py: Interpreter, path: string): null {
  if (py.host.kindOf(path) === 'absent') throw fileError(fileNotFoundError(''), 2, 'No such file or directory', path);
  const removed = py.host.removeFile?.(path);
  if (removed?.ok) return null;
  throw fileError(permissionError(''), 13, removed ? removed.error.message : 'files cannot be removed here', path);
}
