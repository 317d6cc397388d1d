/** All exports, in the order in which they are listed. */
import { chromeTraceExport } from './chrome-trace.ts';
import { csvExport } from './csv.ts';
import type { ExportKind } from './export.ts';
import { graphvizExport } from './graphviz.ts';
import { modelExplorerExport } from './model-explorer.ts';

export type { ExportFile, ExportKind } from './export.ts';

export const exportKinds: readonly ExportKind[] = [chromeTraceExport, modelExplorerExport, graphvizExport, csvExport];
