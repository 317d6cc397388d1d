/** Makes Python functions, primitives and methods of the rows. */
import {
  getter,
  method,
  native,
  nativeClass,
  objectType,
  PyDict,
  PyObject,
  typeError,
  type Member,
  type NativeFunction,
  type PyClass,
  type PyValue,
} from '../../eval/index.ts';
import { graphMark, placeOnMesh, placeOnStage, type ShardRequest } from '../../trace/placement.ts';
import type { TensorSession } from '../../trace/session.ts';
import { dtypeNames } from './dtype.ts';
import type { ApiModule, ApiRow, Spelling, SpellingParameter } from './table.ts';

/** An instance of a primitive class: the arguments of its constructor, by parameter. */
export class Primitive extends PyObject {
  settings: readonly PyValue[] = [];
  /** How its inputs and outputs are divided, as `shard` said. */
  sharding: ShardRequest | null = null;
  /** The pipeline stage that `set_stage` said. */
  stage: number | null = null;
}

/** Stands for an argument that a call did not give. */
const missing = new PyObject(objectType);
const defaults = { ...dtypeNames, missing };

/** The signature that Python sees. */
const signatureText = (parameters: readonly SpellingParameter[]): string =>
  parameters.map((parameter) => parameter.text).join(', ');

const bound = (parameters: readonly SpellingParameter[]): readonly SpellingParameter[] =>
  parameters.filter((parameter) => parameter.text !== '*' && parameter.text !== '/');

function runRow(session: TensorSession, row: ApiRow, values: PyValue[]): PyValue {
  if (typeof row.apply === 'function') return row.apply(session, ...values);
  const dot = row.apply.prelude.lastIndexOf('.');
  const module = session.py.importModule(`mindspore.ops.function.${row.apply.prelude.slice(0, dot)}`);
  return session.py.call(session.py.getAttribute(module, row.apply.prelude.slice(dot + 1)), values);
}

/** Puts bound arguments at their canonical places. */
function place(into: PyValue[], parameters: readonly SpellingParameter[], values: readonly PyValue[]): void {
  bound(parameters).forEach((parameter, index) => {
    if (parameter.slot !== null && index < values.length) into[parameter.slot] = values[index];
  });
}

const empty = (row: ApiRow): PyValue[] => row.canonical.map(() => null);

/** A function of a module. */
export function makeFunction(session: TensorSession, spelling: Spelling): NativeFunction {
  return native(
    `${spelling.name}(${signatureText(spelling.parameters)})`,
    (_, values) => {
      const canonical = empty(spelling.row);
      place(canonical, spelling.parameters, values);
      return runRow(session, spelling.row, canonical);
    },
    defaults,
  );
}

/** A method of Tensor; parameters with two names get the second as a keyword. */
export function makeMethod(session: TensorSession, spelling: Spelling): NativeFunction {
  const parameters = spelling.parameters;
  const aliases = parameters.filter((parameter) => parameter.alias !== null);
  const star = parameters.some((parameter) => parameter.text.startsWith('*')) ? '' : aliases.length > 0 ? '*, ' : '';
  const extra = aliases.map((parameter) => `${parameter.alias}=missing`).join(', ');
  const own = parameters
    .map((parameter) =>
      parameter.alias !== null && parameter.defaultText === null ? `${parameter.name}=missing` : parameter.text,
    )
    .join(', ');
  const text = ['self', own, star + extra].filter((part) => part !== '').join(', ');
  return method(
    `${spelling.name}(${text})`,
    (_, values) => {
      const canonical = empty(spelling.row);
      canonical[0] = values[0];
      const count = bound(parameters).length;
      place(canonical, parameters, values.slice(1, 1 + count));
      aliases.forEach((parameter, index) => {
        const value = values[1 + count + index];
        if (value !== missing && parameter.slot !== null) canonical[parameter.slot] = value;
      });
      if (canonical.includes(missing)) throw typeError(`${spelling.name}() misses an argument`);
      return runRow(session, spelling.row, canonical);
    },
    defaults,
  );
}

function expectPrimitive(value: PyValue): Primitive {
  if (value instanceof Primitive) return value;
  throw typeError('expected a Primitive');
}

const selfMethod = (text: string) => method(text, (_, [self]) => self);

/** The base class: settings that change how a primitive is placed or sharded are accepted and kept as attributes. */
export function makePrimitiveBase(): PyClass {
  return nativeClass({
    name: 'Primitive',
    openInstances: true,
    module: 'mindspore.ops',
    allocate: (cls) => new Primitive(cls),
    members: [
      method('__init__(self, name=None)', (py, [self, name]) => {
        if (name !== null) py.setAttribute(self, '_name', name);
        return null;
      }),
      method('add_prim_attr(self, name, value)', (py, [self, name, value]) => {
        expectPrimitive(self).attributes ??= new PyDict();
        if (typeof name === 'string') py.setAttribute(self, name, value);
        return self;
      }),
      method('shard(self, in_strategy=None, out_strategy=None)', (_, [self, inputs, outputs]) => {
        expectPrimitive(self).sharding = { inputs, outputs };
        return self;
      }),
      method('set_stage(self, stage)', (_, [self, stage]) => {
        expectPrimitive(self).stage = typeof stage === 'number' ? stage : null;
        return self;
      }),
      selfMethod('set_device(self, device_target)'),
      selfMethod('recompute(self, mode=True)'),
      selfMethod('place(self, role, rank_id)'),
      selfMethod('set_prim_instance_name(self, name)'),
      selfMethod('init_prim_io_names(self, inputs, outputs)'),
      selfMethod('del_prim_attr(self, name)'),
      getter('name', (_, self) => expectPrimitive(self).cls.name),
      method('__repr__(self)', (_, [self]) => `Prim[${expectPrimitive(self).cls.name}]`),
    ],
  });
}

/** The class of a primitive: the constructor keeps its arguments, the call runs the row. */
export function makePrimitiveClass(session: TensorSession, spelling: Spelling, base: PyClass): PyClass {
  const settings = spelling.constructor_ ?? [];
  return nativeClass({
    name: spelling.name,
    module: 'mindspore.ops.operations',
    base,
    members: [
      method(
        `__init__(${['self', signatureText(settings)].filter((part) => part !== '').join(', ')})`,
        (py, [self, ...values]) => {
          const primitive = expectPrimitive(self);
          primitive.settings = values;
          bound(settings).forEach((parameter, index) => py.setAttribute(self, parameter.name, values[index]));
          return null;
        },
        defaults,
      ),
      method(
        `__call__(${['self', signatureText(spelling.parameters)].filter((part) => part !== '').join(', ')})`,
        (py, [self, ...values]) => {
          const primitive = expectPrimitive(self);
          const canonical = empty(spelling.row);
          place(canonical, spelling.parameters, values);
          place(canonical, settings, primitive.settings);
          const mark = graphMark(session);
          const result = runRow(session, spelling.row, canonical);
          if (mark && primitive.sharding) placeOnMesh(session, py, mark, primitive.sharding);
          if (mark && primitive.stage !== null) placeOnStage(mark, primitive.stage);
          return result;
        },
        defaults,
      ),
    ],
  });
}

/** The members of a module: functions and primitive classes. */
export function moduleMembers(
  session: TensorSession,
  spellings: readonly Spelling[],
  module: ApiModule,
  base: PyClass,
): readonly Member[] {
  return spellings
    .filter((spelling) => spelling.module === module)
    .map((spelling): Member =>
      spelling.constructor_ === null
        ? makeFunction(session, spelling)
        : [spelling.name, makePrimitiveClass(session, spelling, base)],
    );
}
