/** Meshes, layouts, and the cheapest way between two of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deviceCount,
  fromAliases,
  fromTensorMap,
  groupAlong,
  layoutOf,
  layoutProblem,
  layoutText,
  meshOf,
  replicated,
  reshard,
  sliceBegins,
  sliceShape,
  toTensorMap,
} from '../../compiler/passes/shard/index.ts';
import type { Layout } from '../../compiler/passes/shard/index.ts';

const MESH = meshOf({ dp: 2, sp: 2, mp: 2 });

describe('layouts', () => {
  it("speaks MindSpore's form: axes counted from the right", () => {
    const layout = fromAliases(['dp', ['sp', 'mp'], 'None']);
    expect(layoutText(layout)).toBe('[dp, sp+mp, _]');
    expect(toTensorMap(MESH, layout)).toEqual({ deviceMatrix: [2, 2, 2], tensorMap: [2, [1, 0], -1] });
    expect(layoutText(fromTensorMap(MESH, [2, [1, 0], -1]))).toBe('[dp, sp+mp, _]');
  });
  it('slices row-major: major axes far apart', () => {
    const layout = fromAliases([['dp', 'mp'], 'None']);
    expect(sliceShape(MESH, layout, [8, 3])).toEqual([2, 3]);
    expect([0, 1, 2, 3, 4, 5].map((device) => sliceBegins(MESH, layout, [8, 3], device)[0])).toEqual([
      0, 2, 0, 2, 4, 6,
    ]);
    expect(groupAlong(MESH, ['dp', 'mp'], 3)).toEqual([2, 3, 6, 7]);
  });
  it('says why a tensor cannot lie so', () => {
    expect(layoutProblem(MESH, fromAliases(['dp']), [3])).toBe(
      'dimension 0 of extent 3 does not divide into 2 parts (dp)',
    );
    expect(layoutProblem(MESH, fromAliases(['tp']), [4])).toBe("the mesh has no axis 'tp', its axes are dp, sp, mp");
    expect(layoutProblem(MESH, fromAliases(['dp', 'dp']), [4, 4])).toBe("axis 'dp' is named twice");
    expect(layoutProblem(MESH, fromAliases(['dp']), [4, 4])).toBe('the layout has 1 dimensions, the tensor 2');
  });
});

const kinds = (from: Layout, to: Layout, shape: readonly number[], without: readonly 'reduce_scatter'[] = []) => {
  const found = reshard(MESH, from, to, shape, 4, { without: new Set(without) });
  return found && { kinds: found.steps.map((step) => step.kind), cost: found.cost };
};

describe('resharding', () => {
  it('cuts for nothing, gathers, exchanges and joins', () => {
    expect(kinds(replicated(2), fromAliases(['dp', 'mp']), [4, 4])).toEqual({ kinds: ['split', 'split'], cost: 0 });
    expect(kinds(fromAliases(['dp', 'None']), replicated(2), [4, 4])).toEqual({ kinds: ['all_gather'], cost: 32 });
    expect(kinds(fromAliases(['dp', 'None']), fromAliases(['None', 'dp']), [4, 4])).toEqual({
      kinds: ['all_to_all'],
      cost: 16,
    });
    expect(kinds(layoutOf([[], []], ['mp']), replicated(2), [4, 4])).toEqual({ kinds: ['all_reduce'], cost: 64 });
    const scattered = layoutOf([['mp'], []]);
    expect(kinds(layoutOf([[], []], ['mp']), scattered, [4, 4])).toEqual({ kinds: ['reduce_scatter'], cost: 32 });
    expect(kinds(layoutOf([[], []], ['mp']), scattered, [4, 4], ['reduce_scatter'])).toEqual({
      kinds: ['all_reduce', 'split'],
      cost: 64,
    });
  });
  it('turns the order of two axes', () => {
    expect(kinds(fromAliases([['dp', 'mp']]), fromAliases([['mp', 'dp']]), [8])?.kinds).toEqual([
      'all_gather',
      'split',
      'split',
    ]);
  });
  it('finds nothing where an axis does not divide', () => {
    expect(kinds(replicated(1), fromAliases(['dp']), [3])).toBeNull();
  });
  it('arrives from anywhere to anywhere, and each step is what it says', () => {
    const layouts = fc
      .tuple(fc.shuffledSubarray(['dp', 'sp', 'mp']), fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }))
      .map(([axes, places]) => [0, 1, 2].map((dimension) => axes.filter((_, at) => places[at] === dimension)));
    fc.assert(
      fc.property(layouts, layouts, fc.subarray(['dp', 'sp', 'mp']), (from, to, partial) => {
        const start = layoutOf(
          from,
          partial.filter((axis) => !from.flat().includes(axis)),
        );
        const found = reshard(MESH, start, layoutOf(to), [8, 8, 8], 2);
        expect(found).not.toBeNull();
        let at = start;
        for (const [index, step] of (found?.steps ?? []).entries()) {
          const next = found?.layouts[index] ?? at;
          expect(step.bytes).toBe(2 * sliceShape(MESH, at, [8, 8, 8]).reduce((product, extent) => product * extent, 1));
          at = next;
        }
        expect(layoutText(at)).toBe(layoutText(layoutOf(to)));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
  it('counts devices', () => expect(deviceCount(MESH)).toBe(8));
});
