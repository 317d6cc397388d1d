/** Every diagnostic that msc can give, joined from the rooms that own them. */
import { irTextDiagnostics, verifyDiagnostics } from '../../compiler/ir/index.ts';
import { evaluatorDiagnostics, traceDiagnostics } from '../../compiler/frontend/index.ts';
import { syntaxDiagnostics } from '../../compiler/frontend/syntax/index.ts';
import { gradDiagnostics } from '../../compiler/passes/grad/index.ts';
import { passDiagnostics } from '../../compiler/passes/pass/index.ts';
import { planDiagnostics } from '../../compiler/passes/plan/index.ts';
import { shardDiagnostics } from '../../compiler/passes/shard/index.ts';
import { BACKEND_DIAGNOSTICS } from '../../compiler/backend-ascend/index.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { planFileDiagnostics } from './plan/diagnostics.ts';

/** A catalog row without the types of its parameters. */
export interface CatalogRow {
  readonly code: string;
  readonly severity: string;
  readonly exitClass: string;
  readonly title: string;
  readonly explanation: string;
  readonly wrong: string | null;
  readonly right: string | null;
}

const rooms: readonly Readonly<Record<string, CatalogRow>>[] = [
  syntaxDiagnostics,
  evaluatorDiagnostics,
  traceDiagnostics,
  irTextDiagnostics,
  verifyDiagnostics,
  passDiagnostics,
  gradDiagnostics,
  shardDiagnostics,
  planDiagnostics,
  BACKEND_DIAGNOSTICS,
  cliDiagnostics,
  planFileDiagnostics,
];

/** All rows in the order of their codes. */
export const diagnosticCatalog: readonly CatalogRow[] = rooms
  .flatMap((room) => Object.values(room))
  .toSorted((left, right) => left.code.localeCompare(right.code));
