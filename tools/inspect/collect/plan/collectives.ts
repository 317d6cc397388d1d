/** Communication of a plan under the model. */
import { communicationOf, type Candidate, type PlanRequest } from '../../../../compiler/passes/plan/index.ts';
import type { CollectiveRow } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';

export const collectiveRows = (request: PlanRequest, best: Candidate, places: PlaceTable): readonly CollectiveRow[] =>
  communicationOf(request, best).map((row) => ({
    operation: row.operation,
    axis: row.axis,
    devices: row.devices,
    bytes: row.bytes,
    algorithm: row.algorithm,
    seconds: row.seconds,
    count: row.count,
    exposed: row.exposedShare,
    stepSeconds: row.stepSeconds,
    sweep: row.sweep,
    term: row.term,
    reason: row.reason,
    block: row.block ?? -1,
    place: places.number(row.location),
  }));
