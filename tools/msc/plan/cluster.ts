/** The cluster that `--cluster` names: a family with its size, or a file. */
import { diagnose, failure, ok, type Diagnostic, type Result } from '../../../compiler/ir/support/index.ts';
import { clusterByName, clusterFamilies, type Cluster } from '../../../runtime/target/index.ts';
import { readCluster, type DocumentError } from '../../formats/plan/index.ts';
import { readSource } from '../files.ts';
import type { Io } from '../io.ts';
import { planFileDiagnostics } from './diagnostics.ts';

export function clusterOption(io: Io, text: string): Result<Cluster, readonly Diagnostic[]> {
  return /\.(ya?ml|json)$/i.test(text) ? clusterFile(io, text) : namedCluster(text);
}

function namedCluster(text: string): Result<Cluster, readonly Diagnostic[]> {
  const found = clusterByName(text);
  if (found.ok) return found;
  const { error } = found;
  return failure([
    error.kind === 'server-size'
      ? diagnose(planFileDiagnostics.serverSize, null, [error.devices, error.possible])
      : diagnose(planFileDiagnostics.unknownCluster, null, [text, clusterFamilies]),
  ]);
}

function clusterFile(io: Io, path: string): Result<Cluster, readonly Diagnostic[]> {
  return readPlanFile(io, path, (text) => readCluster(text, path.replace(/^.*\//, '').replace(/\.\w+$/, '')));
}

/** Reads a file of this command; its mistakes are shown at their lines. */
export function readPlanFile<Value>(
  io: Io,
  path: string,
  read: (text: string) => Result<Value, readonly DocumentError[]>,
): Result<Value, readonly Diagnostic[]> {
  const file = readSource(io, path);
  if (!file.ok) return failure([file.error]);
  const value = read(file.value.text);
  if (value.ok) return ok(value.value);
  return failure(
    value.error.map(({ message, start, end }) =>
      diagnose(planFileDiagnostics.badPlanFile, { file: file.value, start, end }, [path, message]),
    ),
  );
}
