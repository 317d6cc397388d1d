/** Figures of launches that the page and the terminal both show. */
import { type KernelSection, type LaunchFacts, pipeNames, pipeStates } from './kernels.ts';

/** States in which a pipe executes: work and what slows it down. */
export const BUSY_STATES = 5;
/** The state of a pipe outside of its instructions. */
export const IDLE = pipeStates.length - 1;

/** Cycles of a launch's pipe in a state, the mean over its cores. */
export const stateCycles = ({ states }: LaunchFacts, pipe: number, state: number): number =>
  states[pipe * pipeStates.length + state] ?? 0;

/** Share of a launch's time in which a pipe executes. */
export function busyShare(launch: LaunchFacts, pipe: number): number {
  let busy = 0;
  for (let state = 0; state < BUSY_STATES; state++) busy += stateCycles(launch, pipe, state);
  return launch.cycles === 0 ? 0 : busy / launch.cycles;
}

/** Operations of all units and types, and of one unit. */
export const operationsOf = ({ executed }: LaunchFacts, unit?: 'cube' | 'vector'): number =>
  executed.reduce((sum, part) => sum + (unit === undefined || part.unit === unit ? part.operations : 0), 0);

/** Bytes to and from GM, from HBM or L2. */
export const bytesOf = ({ hbmBytes, l2Bytes }: LaunchFacts): number => hbmBytes + l2Bytes;

/** What is said of a stall, e.g. `flag (MTE2)`. */
export const stallText = ({ mainStall }: LaunchFacts): string =>
  mainStall === null ? '' : `${pipeStates[mainStall.state]?.name ?? ''} (${pipeNames[mainStall.pipe] ?? ''})`;

/** Seconds of all launches by pipe and state: the mean over the cores of each launch. */
export function pipeTotals({ launches, chip }: KernelSection): readonly (readonly number[])[] {
  return pipeNames.map((_, pipe) =>
    pipeStates.map(
      (_state, state) =>
        launches.reduce((sum, launch) => sum + stateCycles(launch, pipe, state), 0) / (chip.megahertz * 1e6),
    ),
  );
}

/** Where a launch stands under the roofline: operations for each byte of GM traffic, and operations per second. */
export function rooflinePoint(launch: LaunchFacts): { readonly intensity: number; readonly rate: number } | null {
  const [operations, bytes] = [operationsOf(launch), bytesOf(launch)];
  if (operations === 0 || bytes === 0 || launch.microseconds === 0) return null;
  return { intensity: operations / bytes, rate: operations / (launch.microseconds * 1e-6) };
}
