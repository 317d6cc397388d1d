/** Reports of a pipeline in MLIR's layout: --mlir-timing and --pass-statistics. */
import type { RunResult, Timing } from './run-pipeline.ts';

const RULE = `===${'-'.repeat(73)}===`;

function heading(title: string): string {
  return `${RULE}\n${' '.repeat(Math.max(0, 40 - (title.length >> 1)))}... ${title} ...\n${RULE}\n`;
}

/** Wall time of each part, in the order of the run, and of the rest. */
export function timingReport(parts: readonly Timing[], totalMilliseconds: number): string {
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(4);
  const accounted = parts.reduce((sum, part) => sum + part.milliseconds, 0);
  const rows = [
    ...parts,
    { name: 'Rest', milliseconds: Math.max(0, totalMilliseconds - accounted) },
    { name: 'Total', milliseconds: totalMilliseconds },
  ];
  const lines = rows.map(({ name, milliseconds }) => {
    const share = totalMilliseconds > 0 ? (100 * milliseconds) / totalMilliseconds : 0;
    return `${seconds(milliseconds).padStart(9)} (${share.toFixed(1).padStart(5)}%)  ${name}`;
  });
  return `${heading('Execution time report')}  Total Execution Time: ${seconds(totalMilliseconds)} seconds\n\n  ----Wall Time----  ----Name----\n${lines.join('\n')}\n`;
}

/** What each pass counted. */
export function statisticsReport(statistics: RunResult['statistics']): string {
  const lines: string[] = [];
  for (const [pass, counts] of statistics) {
    lines.push(pass);
    for (const name of [...counts.keys()].sort()) lines.push(`  (S) ${String(counts.get(name)).padStart(8)} ${name}`);
  }
  return `${heading('Pass statistics report')}${lines.join('\n')}\n`;
}
