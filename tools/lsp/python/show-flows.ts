/** What flows through the expressions of a Python file, as hovers and as hints at the ends of lines. */
import type { Hover, InlayHint, Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Expr, Node } from '../../../compiler/frontend/syntax/index.ts';
import { childrenOf } from '../../../compiler/frontend/syntax/index.ts';
import type { FileFlows, FlowType } from '../check/job.ts';
import { rangeOf } from '../positions.ts';
import { type FunctionNode, isFunction, parametersOf, parameterTypes } from './parameters.ts';
import { nodesAt } from './resolve.ts';
import { TextShift } from './text-shift.ts';
import type { PythonFile } from './workspace.ts';

/** The flows of one file by the offsets of expressions in the text as it is now. */
export class CurrentFlows {
  readonly #types = new Map<string, readonly FlowType[]>();

  /** Text that changed since the check has no flows; what stands before and behind it keeps them. */
  constructor({ text: old, flows }: FileFlows, text: string) {
    const shift = new TextShift(old, text);
    for (const { start, end, types } of flows) {
      const moved = shift.shiftOf(start, end);
      if (moved !== null) this.#types.set(`${start + moved}:${end + moved}`, types);
    }
  }

  of({ start, end }: Node): readonly FlowType[] | null {
    return this.#types.get(`${start}:${end}`) ?? null;
  }
}

/** `f32[1, 6, 28, 28]` for `tensor<1x6x28x28xf32>`; what has an encoding stays as it is. */
export const shortType = (text: string): string =>
  text.replace(
    /tensor<((?:\d+x)*)(\w+)>/g,
    (_, extents: string, dtype: string) => `${dtype}[${extents.split('x').slice(0, -1).join(', ')}]`,
  );

const MOST_TYPES = 12;

/** The types at an offset: of the innermost expression that has types. */
export function flowsAt(
  file: PythonFile,
  flows: CurrentFlows,
  offset: number,
): { readonly node: Node; readonly types: readonly FlowType[] } | null {
  const path = nodesAt(file.parsed.module, offset);
  for (const [index, node] of [...path.entries()].toReversed()) {
    const types = flows.of(node) ?? boundTypes(path, index, flows);
    if (types !== null) return { node, types };
    if (isStatement(node)) return null;
  }
  return null;
}

/** `x` in `x = value` has the types of the value, a parameter those of what came in. */
function boundTypes(path: readonly Node[], index: number, flows: CurrentFlows): readonly FlowType[] | null {
  const [around, parent, node] = [path[index - 2], path[index - 1], path[index]];
  if (node.kind === 'arg')
    return around !== undefined && isFunction(around) ? parameterTypes(around, node.arg, (one) => flows.of(one)) : null;
  if (parent?.kind !== 'Assign' || !parent.targets.some((target) => target === node)) return null;
  return node.kind === 'Name' || node.kind === 'Attribute' ? flows.of(parent.value) : null;
}

const isStatement = (node: Node): boolean =>
  node.kind === 'Module' || ('body' in node && node.kind !== 'Lambda' && node.kind !== 'IfExp');

export function flowLines(types: readonly FlowType[]): readonly string[] {
  const shown = types.slice(0, MOST_TYPES).map(({ text, count, cells }) => {
    const times = count > 1 ? ` ×${count}` : '';
    const where =
      cells.length > 0 ? ` in ${cells.map((cell) => `\`${cell}\``).join(', ')}${cells.length < count ? ' …' : ''}` : '';
    return `\`${shortType(text)}\`${times}${where}`;
  });
  const rest = types.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}

export function flowHover(
  document: TextDocument,
  found: ReturnType<typeof flowsAt>,
  more: readonly string[],
): Hover | null {
  const lines = [...(found === null ? [] : flowLines(found.types)), ...more];
  if (lines.length === 0) return null;
  return {
    contents: { kind: 'markdown', value: lines.join('\n\n') },
    ...(found === null ? {} : { range: rangeOf(document, found.node.start, found.node.end) }),
  };
}

/** Types that are told in one hint. */
const MOST_HINTED = 2;

/** One hint for each statement that gives tensors, and one for each parameter that takes them. */
export function flowHints(file: PythonFile, flows: CurrentFlows, document: TextDocument, range: Range): InlayHint[] {
  const hints: InlayHint[] = [];
  const visit = (node: Node): void => {
    const value = valueOf(node);
    const types = value === null ? null : flows.of(value);
    if (types !== null) hints.push(hintFor(document, node.end, types));
    if (isFunction(node)) hints.push(...parameterHints(node, flows, document));
    for (const child of childrenOf(node)) if ('body' in child || isPart(child) || valueOf(child) !== null) visit(child);
  };
  visit(file.parsed.module);
  return hints.filter(({ position }) => position.line >= range.start.line && position.line <= range.end.line);
}

const parameterHints = (node: FunctionNode, flows: CurrentFlows, document: TextDocument): readonly InlayHint[] =>
  parametersOf(node).flatMap(({ arg, start, annotation }) => {
    const types = annotation === null ? parameterTypes(node, arg, (one) => flows.of(one)) : null;
    return types === null ? [] : [hintFor(document, start + arg.length, types)];
  });

const isPart = (node: Node): boolean => node.kind === 'Match' || node.kind === 'match_case';

/** What a simple statement makes. */
function valueOf(node: Node): Expr | null {
  switch (node.kind) {
    case 'Assign':
    case 'Expr':
    case 'Return':
    case 'AnnAssign':
      return node.value;
    default:
      return null;
  }
}

function hintFor(document: TextDocument, end: number, types: readonly FlowType[]): InlayHint {
  const shown = types
    .slice(0, MOST_HINTED)
    .map(({ text }) => shortType(text))
    .join(' | ');
  const rest = types.length > MOST_HINTED ? ` | +${types.length - MOST_HINTED}` : '';
  return {
    position: document.positionAt(end),
    label: `${shown}${rest}`,
    kind: 1, // a type
    paddingLeft: true,
    tooltip: { kind: 'markdown', value: flowLines(types).join('\n\n') },
  };
}
