/** `np.load`, `np.save`, `np.savez`: files of arrays through the module `_msc.files`. */
import { native, PyDict, PyTuple, valueError, type Interpreter, type Member, type PyValue } from '../../eval/index.ts';
import { asArray } from './convert.ts';

const filesFunction = (py: Interpreter, name: string): PyValue => py.getAttribute(py.importModule('_msc.files'), name);

/** An .npy gives its array; an .npz a dict of arrays, which has the methods that its readers use. */
function load(py: Interpreter, path: PyValue): PyValue {
  const read = py.call(filesFunction(py, 'read_arrays'), [path]);
  if (!(read instanceof PyTuple)) throw new Error('read_arrays gives a tuple');
  const [format, arrays] = read.items;
  if (!(arrays instanceof PyDict)) throw new Error('read_arrays gives a dict');
  if (format === 'npz') return arrays;
  if (format !== 'npy') throw valueError(`${py.str(path)} is no file of NumPy`);
  const [array] = arrays.map.values();
  return array;
}

function save(
  py: Interpreter,
  path: PyValue,
  format: 'npy' | 'npz',
  arrays: readonly (readonly [string, PyValue])[],
): null {
  const ending = `.${format}`;
  const text = py.str(path);
  const named = new PyDict();
  for (const [name, array] of arrays) named.map.set(name, asArray(py, array));
  py.call(filesFunction(py, 'write_arrays'), [text.endsWith(ending) ? text : text + ending, format, named]);
  return null;
}

function saveAll(py: Interpreter, path: PyValue, positional: PyValue, named: PyValue): null {
  const unnamed = py.collect(positional).map((array, index) => [`arr_${index}`, array] as const);
  // Keyword arguments have names for keys.
  const more = named instanceof PyDict ? ([...named.map] as [string, PyValue][]) : [];
  return save(py, path, 'npz', [...unnamed, ...more]);
}

export const fileMembers: readonly Member[] = [
  native('load(file, mmap_mode=None, allow_pickle=False)', (py, [path]) => load(py, path)),
  native('save(file, arr, allow_pickle=True)', (py, [path, array]) => save(py, path, 'npy', [['arr_0', array]])),
  native('savez(file, *args, **kwds)', (py, [path, positional, named]) => saveAll(py, path, positional, named)),
  native('savez_compressed(file, *args, **kwds)', (py, [path, positional, named]) =>
    saveAll(py, path, positional, named),
  ),
];
