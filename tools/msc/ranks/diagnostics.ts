/** What is wrong between ranks, for users. */
import { diagnose } from '../../../compiler/ir/support/index.ts';
import type { Diagnostic } from '../../../compiler/ir/support/index.ts';
import type { ClusterLoadProblem, ClusterOutcome, ClusterTimingProblem } from '../../../runtime/host/index.ts';
import { isCommunicationProblem } from '../../../runtime/program/index.ts';
import type { CommunicationProblem, Program } from '../../../runtime/program/index.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import { failureDiagnostic, loadDiagnostic, machineDiagnostic } from '../execute.ts';

/** A problem with the place of every rank concerned. */
export function communicationDiagnostic({ message, places }: CommunicationProblem): Diagnostic {
  const notes = places.map(
    ({ rank, at, location }) => `rank ${rank}: ${at}${location === null ? '' : ` at ${location}`}`,
  );
  return diagnose(cliDiagnostics.communication, null, [message], { notes });
}

/** Why the ranks did not get to their ends. */
export function outcomeDiagnostic(
  problem: Extract<ClusterOutcome, { readonly ok: false }>['problem'],
  programs: readonly Program[],
): Diagnostic {
  if (isCommunicationProblem(problem)) return communicationDiagnostic(problem);
  const program = programs[problem.rank];
  const found = failureDiagnostic(program, problem.failure);
  return { ...found, notes: [`on rank ${problem.rank}`, ...found.notes] };
}

/** Why the programs cannot be loaded. */
export function clusterLoadDiagnostic(problem: ClusterLoadProblem): Diagnostic {
  if (problem.kind !== 'wrong number of programs') return loadDiagnostic(problem);
  return diagnose(cliDiagnostics.rankCount, null, [problem.programs, problem.devices]);
}

/** Why the ranks cannot be timed. */
export function timingDiagnostic(problem: ClusterTimingProblem, programs: readonly Program[]): Diagnostic {
  if (problem.kind !== 'rank failure') return communicationDiagnostic(problem);
  return machineDiagnostic(programs[problem.rank], problem.failure.fault, problem.failure.location);
}
