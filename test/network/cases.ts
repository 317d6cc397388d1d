/** The recorded networks and layers as data: source file, entry, inputs, and the outputs that MindSpore gave. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formulaInput, formulaIntegers, readNpz, type FileTensor } from '../../tools/formats/index.ts';

export interface RecordedCase {
  readonly name: string;
  /** Path of the Python file. */
  readonly file: string;
  /** Value of `--entry`. */
  readonly entry: string;
  /** By construct's parameter names. */
  readonly inputs: ReadonlyMap<string, FileTensor>;
  /** Flattened outputs, with formula weights. */
  readonly expected: readonly FileTensor[];
}

interface Row {
  readonly name?: string;
  readonly file?: string;
  readonly entry: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function readTensors(name: string): ReadonlyMap<string, FileTensor> {
  const tensors = readNpz(new Uint8Array(readFileSync(pathOf(name))));
  if (!tensors.ok) throw new Error(`${name}: ${tensors.error.message}`);
  return tensors.value;
}

// Both files are part of the repository; a wrong form shows at once in the tests that read them.
const readRows = (name: string): readonly Row[] => JSON.parse(readFileSync(pathOf(name), 'utf8')) as readonly Row[];

function recordedCase(
  row: Row,
  name: string,
  file: string,
  tensors: ReadonlyMap<string, FileTensor>,
  prefix: string,
): RecordedCase {
  const tensor = (key: string): FileTensor => {
    const found = tensors.get(prefix + key);
    if (!found) throw new Error(`${name}: nothing is recorded under '${prefix}${key}'`);
    return found;
  };
  const outputs = [...tensors.keys()].filter((key) => key.startsWith(`${prefix}expected.out`));
  return {
    name,
    file: pathOf(file),
    entry: row.entry,
    inputs: new Map(Object.keys(row.inputs).map((key) => [key, tensor(key)])),
    expected: outputs.map((_, index) => tensor(`expected.out${index}`)),
  };
}

/** The networks of networks.json. */
export function networkCases(): readonly RecordedCase[] {
  return readRows('networks.json').map((row) => {
    const [name, file] = [row.name ?? '', row.file ?? ''];
    return recordedCase(row, name, file, readTensors(`${name}.npz`), '');
  });
}

/** The cells of layers.json. */
export function layerCases(): readonly RecordedCase[] {
  const tensors = readTensors('layers.npz');
  return readRows('layers.json').map((row) => {
    const name = row.entry.replace('()', '');
    return recordedCase(row, name, 'layers.py', tensors, `${name}.`);
  });
}

/** The rules of the inputs, by case name and input name. */
export function inputRules(): readonly (readonly [name: string, input: string, rule: string])[] {
  return [...readRows('networks.json'), ...readRows('layers.json')].flatMap((row) =>
    Object.entries(row.inputs).map(([input, rule]) => [row.name ?? row.entry.replace('()', ''), input, rule] as const),
  );
}

/** The input that a rule such as `float32[2,3]` or `int32[4] below 7` describes (spec/weights.md). */
export function inputOf(name: string, rule: string): FileTensor {
  const match = /^(float32|int32)\[([\d,]*)\](?: below (\d+))?$/.exec(rule);
  if (!match) throw new Error(`'${rule}' is no input rule`);
  const shape = match[2].split(',').filter(Boolean).map(Number);
  return match[1] === 'float32' ? formulaInput(name, shape) : formulaIntegers(name, shape, Number(match[3]));
}

/** mindcv's own networks: the function, its recorded logits, and its parameters in MindSpore's order. */
export const mindcvFunctions = ['resnet50', 'mobilenet_v3_small_100', 'vgg16', 'vit_b_16_224'] as const;

/** The 1x1000 logits recorded for a mindcv function with formula weights and the formula input `x` [1, 3, 224, 224]. */
export function mindcvLogits(name: (typeof mindcvFunctions)[number]): FileTensor {
  const logits = readTensors(`mindcv/${name}.npz`).get('expected.out0');
  if (!logits) throw new Error(`nothing is recorded for ${name}`);
  return logits;
}

/** Name, shape and trainability of each parameter, in MindSpore's order. */
export type ParameterRow = readonly [name: string, shape: readonly number[], trainable: boolean];

/** By network name, `layers.<cell>` or `naming.<cell>`; a text is the error with which MindSpore refused to build the cell. */
export function recordedParameters(): Readonly<Record<string, readonly ParameterRow[] | string>> {
  const recorded: unknown = JSON.parse(readFileSync(pathOf('parameters.json'), 'utf8'));
  return recorded as Readonly<Record<string, readonly ParameterRow[] | string>>; // the form that record_names.py writes
}
