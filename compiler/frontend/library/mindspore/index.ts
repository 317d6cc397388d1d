/** MindSpore as Python sees it: the native modules below `_msc`, on which the prelude builds the public ones. */
import { tensorType } from '../../../ir/index.ts';
import {
  assertionError,
  native,
  nativeModule,
  PyDict,
  PyFloat,
  typeError,
  type Member,
  type ModuleDefinition,
  type PyValue,
} from '../../eval/index.ts';
import { INITIALIZER_KINDS, type InitializerKind } from '../../trace/initializer.ts';
import { graphMark, placeOnStage } from '../../trace/placement.ts';
import type { TensorSession } from '../../trace/session.ts';
import { Tensor } from '../../trace/tensor.ts';
import { asDType, asInts, asNumber } from './arguments.ts';
import { makePrimitiveBase, moduleMembers } from './bind.ts';
import { creationApi, seededState } from './creation.ts';
import { dtypeModule, dtypeOf } from './dtype.ts';
import { activationApi } from './activation.ts';
import { autodiffModule } from './autodiff.ts';
import { arithmeticApi } from './arithmetic.ts';
import { joinApi } from './join.ts';
import { logicApi } from './logic.ts';
import { lossApi } from './loss.ts';
import { movementApi } from './movement.ts';
import { optimizeApi } from './optimize.ts';
import { orderApi } from './order.ts';
import { unaryApi } from './unary.ts';
import { CellPaths } from './cell-paths.ts';
import { ForwardPasses } from './forward.ts';
import { gatherApi } from './gather.ts';
import { matmulApi } from './matmul.ts';
import { metaApi } from './meta.ts';
import { normApi } from './norm.ts';
import { cast } from './promote.ts';
import { reduceApi } from './reduce.ts';
import { shapeApi } from './shape.ts';
import { spellingsOf, type ApiRow, type Spelling } from './table.ts';
import { expectTensorObject, makeTensorClass } from './tensor-class.ts';
import { windowApi } from './window.ts';

/** Every row of the API, by family. */
export const apiRows: readonly ApiRow[] = [
  ...unaryApi,
  ...activationApi,
  ...arithmeticApi,
  ...logicApi,
  ...reduceApi,
  ...orderApi,
  ...shapeApi,
  ...joinApi,
  ...movementApi,
  ...gatherApi,
  ...creationApi,
  ...matmulApi,
  ...windowApi,
  ...normApi,
  ...metaApi,
  ...lossApi,
  ...optimizeApi,
];

function initializerKind(value: PyValue): InitializerKind {
  const kind = INITIALIZER_KINDS.find((name) => name === value);
  if (kind === undefined) throw typeError(`unknown initializer ${String(value)}`);
  return kind;
}

/** `lazy_tensor(kind, arguments, shape, dtype)`. */
function lazyTensor(session: TensorSession, kind: PyValue, values: PyValue, shape: PyValue, dtype: PyValue): Tensor {
  const extents = asInts(session, shape, 'shape');
  const numbers: Record<string, number> = {};
  if (values instanceof PyDict) {
    for (const [name, value] of values.map) {
      if (typeof name === 'string' && typeof value !== 'string') numbers[name] = asNumber(session, value, name);
    }
  }
  const type = tensorType(extents, asDType(dtype));
  return session.lazy(type, {
    kind: initializerKind(kind),
    arguments: numbers,
    seed: session.nextSeed(),
    shape: extents,
  });
}

function tensorMembers(session: TensorSession): readonly Member[] {
  return [
    native('lazy_tensor(kind, arguments, shape, dtype)', (_, [kind, values, shape, dtype]) =>
      lazyTensor(session, kind, values, shape, dtype),
    ),
    native('set_payload(tensor, data, dtype)', (_, [tensor, data, dtype]) => {
      const source = cast(session, withoutDrawing(session, expectTensorObject(data)), dtypeOf(dtype) ?? 'f32');
      const target = expectTensorObject(tensor);
      const inGraph = session.trace !== null && target.isParameter;
      session.replace(target, inGraph ? session.symbolic(session.valueOf(source)).payload : source.payload);
      return null;
    }),
    native('mark_parameter(tensor)', (_, [tensor]) => {
      expectTensorObject(tensor).isParameter = true;
      return null;
    }),
    native('next_parameter_number()', () => session.nextParameterNumber()),
    native('set_global_seed(seed)', (_, [seed]) => {
      session.globalSeed = asNumber(session, seed, 'seed');
      if (session.randomState) session.replace(session.randomState, seededState(session).payload);
      return null;
    }),
    native('global_seed()', () => session.globalSeed),
  ];
}

/** A parameter's data without its role. Inside a graph: the value it stands for. */
function withoutDrawing(session: TensorSession, tensor: Tensor): Tensor {
  if (!tensor.isParameter) return tensor;
  return session.trace ? session.symbolic(session.valueOf(tensor)) : session.tensor(tensor.payload);
}

function traceMembers(session: TensorSession, passes: ForwardPasses): readonly Member[] {
  const paths = new CellPaths(session);
  return [
    native('enter_cell(cell, cast_type, args=())', (py, [cell, type, args]) => {
      passes.enter(cell, py.collect(args));
      session.precision.push(type === null ? (session.precision.at(-1) ?? null) : dtypeOf(type));
      session.entered.push(graphMark(session));
      paths.enter(cell);
      return null;
    }),
    native('fail(message)', (_, [message]) => {
      throw assertionError(message === null ? '' : session.py.str(message));
    }),
    native('leave_cell(cell)', (py, [cell]) => {
      passes.leave();
      session.precision.pop();
      paths.leave();
      const mark = session.entered.pop();
      const stage = mark ? py.getAttribute(cell, 'pipeline_stage') : null;
      if (mark && typeof stage === 'number') placeOnStage(mark, stage);
      return null;
    }),
  ];
}

/** The modules for one session. Makes the class `Tensor` on the way. */
export function mindsporeModules(session: TensorSession): readonly ModuleDefinition[] {
  const spellings = spellingsOf(apiRows);
  const tensorClass = makeTensorClass(session, spellings);
  const passes = new ForwardPasses(session);
  const base = makePrimitiveBase();
  const api = (module: Spelling['module']): readonly Member[] => moduleMembers(session, spellings, module, base);
  return [
    dtypeModule(tensorClass),
    nativeModule('_msc.tensor', () => [['Tensor', tensorClass], ...tensorMembers(session)]),
    nativeModule('_msc.trace', () => traceMembers(session, passes)),
    autodiffModule(session, passes),
    nativeModule('_msc.ops', () => [['Tensor', tensorClass], ['Primitive', base], ...api('ops')]),
    nativeModule('_msc.mnp', () => [
      ['Tensor', tensorClass],
      ['pi', new PyFloat(Math.PI)],
      ['inf', new PyFloat(Infinity)],
      ['nan', new PyFloat(NaN)],
      ['newaxis', null],
      ...api('mnp'),
    ]),
    nativeModule('_msc.mint', () => api('mint')),
    nativeModule('_msc.functional', () => api('functional')),
  ];
}
