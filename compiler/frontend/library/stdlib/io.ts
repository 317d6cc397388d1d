/** io: `open`, text and binary files, StringIO and BytesIO. Files are read and written through the Host only. */
import {
  classOf,
  countValue,
  getter,
  method,
  native,
  nativeClass,
  nativeModule,
  needText,
  permissionError,
  PyBytes,
  PyClass,
  PyIterator,
  PyList,
  PyObject,
  textOf,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type NativeFunction,
  type PyValue,
} from '../../eval/index.ts';
import { pathText, readBytes } from './system.ts';

/** An open file: its whole contents and a position. Written contents go to the Host when the file is closed. */
class File extends PyObject {
  content = '';
  at = 0;
  binary = false;
  closed = false;
  path: string | null = null;
  writes = false;
}

function needFile(value: PyValue): File {
  if (!(value instanceof File)) throw typeError('a file is required');
  if (value.closed) throw valueError('I/O operation on closed file.');
  return value;
}

const latin = (data: Uint8Array): string => Array.from(data, (byte) => String.fromCharCode(byte)).join('');
const toBytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const out = (file: File, text: string): PyValue => (file.binary ? new PyBytes(toBytes(text)) : text);

function read(py: Interpreter, file: File, size: PyValue): PyValue {
  const count = size === null ? -1 : countValue(py, size);
  const end = count < 0 ? file.content.length : file.at + count;
  const part = file.content.slice(file.at, end);
  file.at = Math.min(end, file.content.length);
  return out(file, part);
}

function readLine(file: File): string {
  const end = file.content.indexOf('\n', file.at);
  const line = file.content.slice(file.at, end < 0 ? undefined : end + 1);
  file.at += line.length;
  return line;
}

function write(file: File, value: PyValue): number {
  const text = value instanceof PyBytes ? latin(value.data) : textOf(value);
  if (text === undefined || file.binary !== value instanceof PyBytes)
    throw typeError(`write() argument must be ${file.binary ? 'bytes' : 'str'}, not ${classOf(value).name}`);
  file.content = file.content.slice(0, file.at) + text + file.content.slice(file.at + text.length);
  file.at += text.length;
  return text.length;
}

function close(py: Interpreter, file: File): void {
  if (file.closed) return;
  file.closed = true;
  if (!file.writes || file.path === null) return;
  const data = file.binary ? toBytes(file.content) : new TextEncoder().encode(file.content);
  const written = py.host.writeFile?.(file.path, data);
  if (!written?.ok)
    throw permissionError(
      `cannot write ${file.path}: ${written ? written.error.message : 'files cannot be written here'}`,
    );
}

const fileMembers: readonly Member[] = [
  method('read(self, size=None, /)', (py, [self, size]) => read(py, needFile(self), size)),
  method('readline(self, size=-1, /)', (_py, [self]) => out(needFile(self), readLine(needFile(self)))),
  method('readlines(self, hint=-1, /)', (py, [self]) => new PyList(py.collect(self))),
  method('write(self, data, /)', (_py, [self, data]) => write(needFile(self), data)),
  method('writelines(self, lines, /)', (py, [self, lines]) => {
    for (const line of py.collect(lines)) write(needFile(self), line);
    return null;
  }),
  method('seek(self, offset, whence=0, /)', (py, [self, offset, whence]) => {
    const file = needFile(self);
    const base = whence === 1 ? file.at : whence === 2 ? file.content.length : 0;
    file.at = base + countValue(py, offset);
    return file.at;
  }),
  method('tell(self, /)', (_py, [self]) => needFile(self).at),
  method('flush(self, /)', () => null),
  method('close(self, /)', (py, [self]) => {
    if (self instanceof File) close(py, self);
    return null;
  }),
  method('getvalue(self, /)', (_py, [self]) => out(needFile(self), needFile(self).content)),
  method('readable(self, /)', () => true),
  method('__iter__(self, /)', (_py, [self]) => {
    const file = needFile(self);
    return new PyIterator(() => (file.at < file.content.length ? out(file, readLine(file)) : undefined));
  }),
  method('__enter__(self, /)', (_py, [self]) => self),
  method('__exit__(self, type, value, traceback, /)', (py, [self]) => {
    if (self instanceof File) close(py, self);
    return null;
  }),
  getter('closed', (_py, self) => self instanceof File && self.closed),
  getter('name', (_py, self) => (self instanceof File ? (self.path ?? '') : '')),
];

const fileType: PyClass = nativeClass({
  name: 'TextIOWrapper',
  module: '_io',
  allocate: (cls) => new File(cls),
  members: fileMembers,
});

/** A file in memory. */
function memoryFile(name: string, binary: boolean): PyClass {
  return nativeClass({
    name,
    base: fileType,
    module: 'io',
    members: [
      method(`__init__(self, initial=None, newline=None)`, (_py, [self, initial]) => {
        const file = needFile(self);
        file.binary = binary;
        file.content = initial instanceof PyBytes ? latin(initial.data) : initial === null ? '' : needText(initial);
        return null;
      }),
    ],
  });
}

function open(py: Interpreter, [path, modeValue, , encoding]: PyValue[]): PyValue {
  const mode = needText(modeValue);
  const file = new File(fileType);
  file.path = pathText(py, path);
  file.binary = mode.includes('b');
  file.writes = /[wax+]/.test(mode);
  if (/[ra+]/.test(mode) && !mode.includes('w') && !(mode.includes('a') && py.host.kindOf(file.path) === 'absent')) {
    const data = readBytes(py, file.path);
    file.content =
      file.binary || textOf(encoding) === 'latin-1'
        ? latin(data)
        : new TextDecoder().decode(data).replaceAll('\r\n', '\n');
  }
  if (file.writes && !py.host.writeFile) throw permissionError(`writing ${file.path} is not allowed`);
  if (mode.includes('a')) file.at = file.content.length;
  return file;
}

export const openFunction: NativeFunction = native(
  "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
  open,
);

export const io = nativeModule('io', () => [
  ['StringIO', memoryFile('StringIO', false)],
  ['BytesIO', memoryFile('BytesIO', true)],
  ['TextIOWrapper', fileType],
  ['IOBase', fileType],
  openFunction,
]);
