/** A report for a terminal: its summary, then each section. */
import { type Report, type ReportHead, sectionNames, type SectionName, type Sections } from '../report/index.ts';
import { costsText } from './costs.ts';
import { graphText } from './graph.ts';
import { kernelsText } from './kernels.ts';
import { memoryText } from './memory.ts';
import { pipelineText } from './pipeline.ts';
import { planText } from './plan.ts';
import { rankText } from './ranks.ts';
import { clipped, colorsOf, type TextOptions } from './style.ts';
import { summaryText } from './summary.ts';

export type { TextOptions } from './style.ts';

interface SectionText<Name extends SectionName> {
  readonly title: string;
  readonly text: (section: Sections[Name], head: ReportHead, options: TextOptions) => string;
}

const texts: { readonly [Name in SectionName]?: SectionText<Name> } = {
  pipeline: { title: 'Pipeline', text: pipelineText },
  costs: { title: 'Source', text: costsText },
  graph: { title: 'Graph', text: graphText },
  kernels: { title: 'Kernels', text: kernelsText },
  memory: { title: 'Memory', text: memoryText },
  plan: { title: 'Plan', text: planText },
  ranks: { title: 'Ranks', text: rankText },
};

export function reportText(report: Report, options: TextOptions): string {
  const parts = sectionNames.flatMap((name) => sectionText(name, report, options));
  return `${[summaryText(report.head, options), ...parts].join('\n\n')}\n`;
}

function sectionText<Name extends SectionName>(
  name: Name,
  { head, sections }: Report,
  options: TextOptions,
): readonly string[] {
  const section: Sections[Name] | undefined = sections[name];
  const entry = texts[name];
  if (section === undefined || entry === undefined) return [];
  const rule = '─'.repeat(Math.max(0, options.width - entry.title.length - 4));
  const lines = entry.text(section, head, options).replace(/^\n+|\n+$/g, '');
  return [[colorsOf(options).dim(`── ${entry.title} ${rule}`), ...lines.split('\n').map(fitting(options))].join('\n')];
}

/** Lines of sections that know no width; coloured ones were set to it. */
const fitting =
  ({ width }: TextOptions) =>
  (line: string): string =>
    line.includes(ESCAPE) ? line : clipped(line, width);

const ESCAPE = '\u001b';
