/** The specification's tables: which document holds which, between fences, and whether they are in step with the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderOpsManual } from '../../compiler/ir/ops/index.ts';
import { renderIsaManual } from '../../runtime/isa/index.ts';
import { chips } from '../../runtime/target/index.ts';
import { diagnosticCatalog } from '../msc/catalog.ts';

/** A table in a document: what stands between `<!-- NAME: generated -->` and `<!-- end -->`. */
interface GeneratedTable {
  readonly document: string;
  readonly name: string;
  readonly render: () => string;
}

const tables: readonly GeneratedTable[] = [
  { document: 'spec/ops.md', name: 'ops', render: renderOpsManual },
  { document: 'spec/isa.md', name: 'instructions', render: renderIsaManual },
  { document: 'spec/diagnostics.md', name: 'diagnostics', render: renderDiagnostics },
  { document: 'spec/targets.md', name: 'chips', render: renderChips },
];

/** A document whose tables differ from the code. */
export interface StaleDocument {
  readonly document: string;
  readonly text: string;
}

/** Documents below `folder` that must be regenerated. */
export function staleDocuments(folder: string): readonly StaleDocument[] {
  return [...new Set(tables.map(({ document }) => document))].flatMap((document) => {
    const before = readFileSync(join(folder, document), 'utf8');
    const after = tables
      .filter((table) => table.document === document)
      .reduce((text, table) => replaceTable(text, table), before);
    return after === before ? [] : [{ document, text: after }];
  });
}

/** Writes every stale document; the result is their names. */
export function regenerate(folder: string): readonly string[] {
  return staleDocuments(folder).map(({ document, text }) => {
    writeFileSync(join(folder, document), text);
    return document;
  });
}

function replaceTable(text: string, { document, name, render }: GeneratedTable): string {
  const begin = `<!-- ${name}: generated -->\n`;
  const end = '<!-- end -->';
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${document} has no fence for the table '${name}'`);
  return `${text.slice(0, from + begin.length)}\n${render().trim()}\n\n${text.slice(to)}`;
}

function renderDiagnostics(): string {
  return diagnosticCatalog
    .map(({ code, severity, exitClass, title, explanation, wrong, right }) => {
      const example = (word: string, program: string | null): readonly string[] =>
        program === null ? [] : ['', `${word}:`, '', '````text', program.trimEnd(), '````'];
      return [
        `### ${code}: ${title}`,
        '',
        `${severity}, ${exitClass}. ${explanation}`,
        ...example('Wrong', wrong),
        ...example('Right', right),
      ].join('\n');
    })
    .join('\n\n');
}

function renderChips(): string {
  const rows = chips.map(
    ({ name, architecture, cubeCores, vectorCores, megahertz, buffers, l2Bytes, hbmBytes, assumed }) =>
      `| \`${name}\` | ${architecture.name} | ${cubeCores} | ${vectorCores} | ${megahertz} | ${Object.values(buffers)
        .map((bytes) => bytes / 1024)
        .join(' / ')} | ${mebibytes(l2Bytes)} | ${mebibytes(hbmBytes)} | ${assumed.join(', ')} |`,
  );
  return [
    '| chip | architecture | cube cores | vector cores | MHz | l0a / l0b / l0c / l1 / ub / bt / fb (KiB) | L2 (MiB) | HBM (MiB) | assumed |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const mebibytes = (bytes: number | null): string => (bytes === null ? 'not public' : String(bytes / 2 ** 20));
