/** Our parser against CPython 3.12's `ast.parse`, whose answers `record.py` has written down. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { childrenOf, dumpAst, parsePython, type DumpedNode, type Node } from '../../compiler/frontend/syntax/index.ts';

const sets = ['lines', 'f-strings', 'patterns', 'blocks'];

/** One line of a recording: a source, and CPython's tree or null. */
function recording(name: string): readonly (readonly [string, DumpedNode | null])[] {
  const text = readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as readonly [string, DumpedNode | null]);
}

/** What our parser makes of a source, in the terms of the recording. */
function answer(source: string): unknown {
  const { module, file, diagnostics } = parsePython(source, 'case.py');
  return diagnostics.length > 0 ? null : JSON.parse(JSON.stringify(dumpAst(module, file)));
}

function nodesOutside(node: Node): string[] {
  return childrenOf(node).flatMap((child) => {
    const isInside = child.start >= node.start && child.end <= node.end && child.start <= child.end;
    const isDecorator = 'decorator_list' in node && (node.decorator_list as readonly Node[]).includes(child);
    return [...(isInside || isDecorator ? [] : [`${child.kind} in ${node.kind}`]), ...nodesOutside(child)];
  });
}

describe.each(sets)('recorded: %s', (name) => {
  it('equals CPython for every source', () => {
    for (const [source, expected] of recording(name)) expect(answer(source), source).toEqual(expected);
  });

  it('every node lies inside the node above it', () => {
    for (const [source] of recording(name)) {
      expect(nodesOutside(parsePython(source, 'case.py').module), source).toEqual([]);
    }
  });
});
