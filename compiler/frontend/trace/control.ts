/** Control flow on tensors: both sides of an `if` are traced into the regions of scf.if, a `while` into scf.while. */
import { Block, boolAttribute, stringAttribute, type Operation, type Span, type Value } from '../../ir/index.ts';
import {
  NORMAL,
  RETURN,
  type BranchPoint,
  type Completion,
  type Hooks,
  type Interpreter,
  type LoopPoint,
  type PyObject,
  type PyValue,
} from '../eval/index.ts';
import { realValue } from '../eval/protocol/numbers.ts';
import { observe, presentContents, setContents, type Contents, type Outcome } from './changes.ts';
import { traceDiagnostics } from './diagnostics.ts';
import { describeValue, isSame, joinValues, type JoinLeaves } from './join.ts';
import { whileOnTensor } from './loop.ts';
import { asCondition, conditionValue, discard, inBlock, knownTruth } from './region.ts';
import { Tensor } from './tensor.ts';
import type { TensorSession } from './session.ts';

/** The two sides of a region op that is being joined: each pair of leaves becomes one result. */
class Joiner {
  readonly yields: [Value[], Value[]] = [[], []];
  readonly results: Tensor[] = [];
  private readonly session: TensorSession;
  private readonly blocks: readonly [Block, Block];

  constructor(session: TensorSession, blocks: readonly [Block, Block]) {
    this.session = session;
    this.blocks = blocks;
  }

  readonly leaves: JoinLeaves = (first, second) => {
    const like = first instanceof Tensor ? first : second instanceof Tensor ? second : null;
    const pair = [first, second].map((value) => this.leaf(value, like));
    if (pair[0].type.key !== pair[1].type.key) return null;
    const values = pair.map((tensor, side) =>
      inBlock(this.session, this.blocks[side], () => this.session.valueOf(tensor)),
    );
    this.yields[0].push(values[0]);
    this.yields[1].push(values[1]);
    // The result exists once the op does: a placeholder that `finish` fills.
    const result = this.session.symbolic(values[0]);
    this.results.push(result);
    return result;
  };

  private leaf(value: PyValue, like: Tensor | null): Tensor {
    if (value instanceof Tensor) return value;
    const number = realValue(value) ?? 0;
    return this.session.scalar(
      number,
      like?.type.dtype ??
        (typeof value === 'boolean' ? 'i1' : value !== null && typeof value === 'object' ? 'f32' : 'i64'),
    );
  }

  /** Makes the op and lets every joined tensor stand for its result. */
  finish(condition: Value): Operation {
    this.blocks.forEach((block, side) =>
      inBlock(this.session, block, () => this.session.builder().create('scf.yield', this.yields[side], [])),
    );
    const op = this.session.builder().create(
      'scf.if',
      [condition],
      this.yields[0].map(({ type }) => type),
      new Map(),
      this.blocks,
    );
    this.results.forEach((result, index) => {
      result.payload = { ...this.session.symbolic(op.results[index]).payload };
    });
    return op;
  }
}

/** Runs one side in a block of its own. */
function side(
  session: TensorSession,
  py: Interpreter,
  block: Block,
  point: BranchPoint,
  run: () => Completion,
): Outcome<Completion> {
  return inBlock(session, block, () => observe(py, point.frame, run, () => point.returned()));
}

function branchOnTensor(session: TensorSession, py: Interpreter, test: Tensor, point: BranchPoint): Completion {
  const condition = conditionValue(session, test);
  const blocks: readonly [Block, Block] = [new Block(), new Block()];
  let sides = [
    side(session, py, blocks[0], point, () => point.runThen()),
    side(session, py, blocks[1], point, () => point.runElse()),
  ] as const;
  if (sides.some(({ completion }) => completion === RETURN) && sides.some(({ completion }) => completion === NORMAL)) {
    if (!point.restEndsFunction)
      session.stop(traceDiagnostics.unsupportedUse, ['a return inside a loop or `with` under a condition on a tensor']);
    // One side returns: what follows the `if` belongs to the other side alone.
    blocks.forEach(discard);
    const fresh: readonly [Block, Block] = [new Block(), new Block()];
    const whole = (run: () => Completion) => () => {
      const completion = run();
      return completion === NORMAL ? returnedAtEnd(point) : completion;
    };
    sides = [
      side(
        session,
        py,
        fresh[0],
        point,
        whole(() => point.runThen()),
      ),
      side(
        session,
        py,
        fresh[1],
        point,
        whole(() => point.runElse()),
      ),
    ];
    return joinSides(session, py, condition, fresh, sides, point);
  }
  return joinSides(session, py, condition, blocks, sides, point);
}

/** The end of a function is `return None`. */
function returnedAtEnd(point: BranchPoint): Completion {
  const completion = point.runRest();
  if (completion === NORMAL) point.setReturned(null);
  return completion === NORMAL ? RETURN : completion;
}

function joinSides(
  session: TensorSession,
  py: Interpreter,
  condition: Value,
  blocks: readonly [Block, Block],
  [first, second]: readonly [Outcome<Completion>, Outcome<Completion>],
  point: BranchPoint,
): Completion {
  if (first.completion !== second.completion)
    session.stop(traceDiagnostics.unsupportedUse, ['break or continue under a condition on a tensor']);
  const joiner = new Joiner(session, blocks);
  const returns = first.completion === RETURN;
  const returned = returns
    ? joined(session, joiner, 'the returned value', first.returned, second.returned, point.span)
    : null;
  if (!returns) joinVariables(session, joiner, first, second, point);
  const changed = joinContents(session, joiner, first, second, point.span);
  joiner.finish(condition);
  // Only now: a tensor takes the payload of what is joined, which is the result of the finished op.
  for (const [object, contents] of changed) setContents(py, object, contents);
  if (returns) point.setReturned(returned);
  return first.completion;
}

function joined(
  session: TensorSession,
  joiner: Joiner,
  name: string,
  first: PyValue | undefined,
  second: PyValue | undefined,
  at: Span | null,
): PyValue {
  const value = first === undefined || second === undefined ? undefined : joinValues(first, second, joiner.leaves);
  if (value === undefined)
    return session.stop(
      traceDiagnostics.branchesDoNotJoin,
      [name, describeValue(first), describeValue(second)],
      [],
      at,
    );
  return value;
}

/** A variable that only one side sets stays unset: using it is a NameError, as on the other path in Python. */
function joinVariables(
  session: TensorSession,
  joiner: Joiner,
  first: Outcome<Completion>,
  second: Outcome<Completion>,
  point: BranchPoint,
): void {
  for (const name of new Set([...first.variables.keys(), ...second.variables.keys()])) {
    const [left, right] = [first.variables.get(name), second.variables.get(name)];
    if (left === undefined || right === undefined) point.frame.write(name, undefined);
    else if (!isSame(left, right))
      point.frame.write(name, joined(session, joiner, `'${name}'`, left, right, point.span));
    else point.frame.write(name, left);
  }
}

/** The objects that a side changed, with their contents after both. */
function joinContents(
  session: TensorSession,
  joiner: Joiner,
  first: Outcome<Completion>,
  second: Outcome<Completion>,
  at: Span | null,
): readonly (readonly [PyObject, Contents])[] {
  const objects = new Set<PyObject>([...first.contents.keys(), ...second.contents.keys()]);
  return [...objects].map((object) => {
    const now = presentContents(session, object);
    const [left, right] = [first.contents.get(object) ?? now, second.contents.get(object) ?? now];
    const made = new Map<unknown, PyValue>();
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      const label =
        object instanceof Tensor ? 'a tensor that is stored into' : `the entry ${String(key)} of a ${object.cls.name}`;
      made.set(key, joined(session, joiner, label, left.get(key), right.get(key), at));
    }
    return [object, made] as const;
  });
}

/** `a if test else b`. */
function conditionalOnTensor(
  session: TensorSession,
  py: Interpreter,
  test: Tensor,
  whenTrue: () => PyValue,
  whenFalse: () => PyValue,
): PyValue {
  const condition = conditionValue(session, test);
  const blocks: readonly [Block, Block] = [new Block(), new Block()];
  const frame = py.currentFrame();
  if (!frame) throw new Error('a conditional expression outside of a frame');
  const sides = [whenTrue, whenFalse].map((run, index) =>
    inBlock(session, blocks[index], () => observe(py, frame, run, () => null)),
  );
  const joiner = new Joiner(session, blocks);
  const value = joined(session, joiner, 'the conditional expression', sides[0].completion, sides[1].completion, null);
  joiner.finish(condition);
  return value;
}

function logicalOnTensor(session: TensorSession, operator: 'and' | 'or', left: Tensor, right: PyValue): PyValue {
  const other = right instanceof Tensor ? right : session.scalar(realValue(right) ? 1 : 0, 'i1');
  return session.op(operator === 'and' ? 'ms.logical_and' : 'ms.logical_or', [
    asCondition(session, left),
    asCondition(session, other),
  ]);
}

function assertTensor(session: TensorSession, py: Interpreter, test: Tensor, message: () => PyValue): void {
  const flag = asCondition(session, test);
  const scalar = session.op('ms.reduce_all', [flag], {
    axes: { kind: 'integers', values: flag.type.shape.map((_, axis) => axis) },
    keep_dims: boolAttribute(false),
  });
  session.stated('ms.assert', [scalar], [], { message: stringAttribute(py.str(message())) });
}

/** Steps through a loop while its test is known; from then on it is a loop of the graph. */
function loop(session: TensorSession, py: Interpreter, test: PyObject, point: LoopPoint): Completion {
  let current: PyValue = test;
  for (;;) {
    const known = current instanceof Tensor ? knownTruth(session, current) : py.truth(current);
    if (known === null) return whileOnTensor(session, py, point);
    if (!known) return point.runElse();
    py.spend(1);
    const completion = point.runBody();
    if (completion === RETURN) return completion;
    if (completion !== NORMAL && completion !== 2) return NORMAL;
    current = point.evaluateTest();
  }
}

/** Runs code whose values are known before any graph: definitions of a module. */
function outsideOfGraphs(session: TensorSession, run: () => void): void {
  const { trace } = session;
  session.trace = null;
  try {
    run();
  } finally {
    session.trace = trace;
  }
}

/** What the tracer decides for the evaluator. Known tensors behave as Python values. */
export function tracingHooks(session: TensorSession): Hooks {
  const expect = (value: PyObject): Tensor => {
    if (value instanceof Tensor) return value;
    throw new Error(`a symbolic ${value.cls.name}`);
  };
  const truth = (value: PyValue): boolean =>
    knownTruth(session, value) ?? session.stop(traceDiagnostics.valueUnknown, ['a truth value']);
  return {
    branch: (py, test, point) => {
      const known = knownTruth(session, test);
      if (known !== null) return known ? point.runThen() : point.runElse();
      return branchOnTensor(session, py, expect(test), point);
    },
    whileLoop: (py, test, point) => loop(session, py, test, point),
    statement: (run) => outsideOfGraphs(session, run),
    print: (values) => session.trace?.printed?.(values) ?? false,
    conditional: (py, test, whenTrue, whenFalse) => {
      const known = knownTruth(session, test);
      if (known !== null) return known ? whenTrue() : whenFalse();
      return conditionalOnTensor(session, py, expect(test), whenTrue, whenFalse);
    },
    logical: (_, operator, left, right) => {
      const known = knownTruth(session, left);
      if (known !== null) return known === (operator === 'and') ? right() : left;
      return logicalOnTensor(session, operator, expect(left), right());
    },
    negate: (_, operand) => {
      const known = knownTruth(session, operand);
      return known === null ? session.op('ms.logical_not', [asCondition(session, expect(operand))]) : !known;
    },
    assertion: (py, test, message) => {
      const known = knownTruth(session, test);
      if (known === null) assertTensor(session, py, expect(test), message);
      else if (!known) py.call(py.getAttribute(py.importModule('_msc.trace'), 'fail'), [message()]);
    },
    truth: (_, value) => truth(value),
  };
}
