/** `while` on a tensor as scf.while: what the body changes is carried from step to step. */
import { Block, type Span, type Value } from '../../ir/index.ts';
import {
  NORMAL,
  type Completion,
  type Interpreter,
  type LoopPoint,
  type PyObject,
  type PyValue,
} from '../eval/index.ts';
import { realValue } from '../eval/protocol/numbers.ts';
import { contentsOf, observe, presentContents, setContents, type Contents, type Outcome } from './changes.ts';
import { traceDiagnostics } from './diagnostics.ts';
import { describeValue, isSame } from './join.ts';
import { conditionValue, discard, inBlock } from './region.ts';
import type { TensorSession } from './session.ts';
import { Tensor } from './tensor.ts';

/** A place whose value the body changes: how to read and write it, and its name for messages. */
interface Place {
  readonly label: string;
  readonly before: PyValue;
  write(value: PyValue): void;
  readFrom(outcome: Outcome<Completion>): PyValue | undefined;
}

function changedPlaces(
  session: TensorSession,
  py: Interpreter,
  point: LoopPoint,
  outcome: Outcome<Completion>,
): readonly Place[] {
  const variables = [...outcome.variables].flatMap(([name, value]): readonly Place[] => {
    const before = point.frame.read(name);
    if (before === undefined || isSame(before, value)) return [];
    return [
      {
        label: `'${name}'`,
        before,
        write: (made) => point.frame.write(name, made),
        readFrom: (from) => from.variables.get(name),
      },
    ];
  });
  const objects = [...outcome.contents].flatMap(([object, contents]) => objectPlaces(session, py, object, contents));
  return [...variables, ...objects];
}

function objectPlaces(session: TensorSession, py: Interpreter, object: PyObject, contents: Contents): readonly Place[] {
  const now = presentContents(session, object);
  return [...contents].flatMap(([key, value]): readonly Place[] => {
    const before = now.get(key);
    if (before === undefined || isSame(before, value)) return [];
    return [
      {
        label: `the entry ${String(key)} of a ${object.cls.name}`,
        before,
        write: (made) => setContents(py, object, new Map(contentsOf(object) ?? []).set(key, made)),
        readFrom: (from) => from.contents.get(object)?.get(key) ?? before,
      },
    ];
  });
}

export function whileOnTensor(session: TensorSession, py: Interpreter, point: LoopPoint): Completion {
  const scratch = new Block();
  const probe = inBlock(session, scratch, () =>
    observe(
      py,
      point.frame,
      () => point.runBody(),
      () => null,
    ),
  );
  discard(scratch);
  if (probe.completion !== NORMAL)
    session.stop(traceDiagnostics.unsupportedUse, ['break, continue or return in a loop on a tensor']);
  const places = changedPlaces(session, py, point, probe);
  const initial = places.map((place) => single(session, place));
  const types = initial.map(({ type }) => type);
  const [before, after] = [new Block(types), new Block(types)];

  const bind = (values: readonly Value[]): void =>
    places.forEach((place, index) => place.write(session.symbolic(values[index])));
  inBlock(session, before, () => {
    bind(before.arguments);
    const test = point.evaluateTest();
    if (!(test instanceof Tensor)) return session.stop(traceDiagnostics.valueUnknown, ['the test of a loop']);
    return session.builder().create('scf.condition', [conditionValue(session, test), ...before.arguments], []);
  });
  inBlock(session, after, () => {
    bind(after.arguments);
    const step = observe(
      py,
      point.frame,
      () => point.runBody(),
      () => null,
    );
    const values = places.map((place, index) => carried(session, place, step, initial[index], point.span));
    session.builder().create('scf.yield', values, []);
  });
  const op = session.builder().create(
    'scf.while',
    initial.map((tensor) => session.valueOf(tensor)),
    types,
    new Map(),
    [before, after],
  );
  bind(op.results);
  return point.runElse();
}

/** The tensor that a place holds before the loop; a number becomes one, since the loop changes it. */
function single(session: TensorSession, place: Place): Tensor {
  const { before } = place;
  if (before instanceof Tensor) return before;
  const number = realValue(before);
  if (number !== undefined)
    return session.scalar(number, typeof before === 'boolean' ? 'i1' : typeof before === 'object' ? 'f32' : 'i64');
  return session.stop(traceDiagnostics.unsupportedUse, [
    `changing ${place.label} (${describeValue(before)}) in a loop on a tensor`,
  ]);
}

function carried(
  session: TensorSession,
  place: Place,
  step: Outcome<Completion>,
  before: Tensor,
  at: Span | null,
): Value {
  const value = place.readFrom(step);
  const tensor =
    value instanceof Tensor
      ? value
      : value !== undefined && realValue(value) !== undefined
        ? session.scalar(realValue(value) ?? 0, before.type.dtype)
        : null;
  if (!tensor || tensor.type.key !== before.type.key)
    return session.stop(
      traceDiagnostics.loopDoesNotJoin,
      [place.label, describeValue(place.before), describeValue(value)],
      [],
      at,
    );
  return session.valueOf(tensor);
}
