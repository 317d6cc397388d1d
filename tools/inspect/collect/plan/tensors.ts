/** Layouts of the tensors of a plan. */
import { tensorLayouts, type Candidate, type PlanRequest } from '../../../../compiler/passes/plan/index.ts';
import type { TensorRow } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';

export const layoutWords = (axes: readonly (readonly string[])[]): readonly string[] =>
  axes.map((names) => names.join('·'));

export const tensorRows = (request: PlanRequest, best: Candidate, places: PlaceTable): readonly TensorRow[] =>
  tensorLayouts(request, best).map(({ kind, name, type, count, axes, bytes, block, location }) => ({
    ...{ kind, name, type, count, bytes, block },
    layout: layoutWords(axes),
    place: places.number(location),
  }));
