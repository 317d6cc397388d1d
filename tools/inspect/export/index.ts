/** All exports, in the order in which they are listed. */
import { csvExport } from './csv.ts';
import type { ExportKind } from './export.ts';
import { graphvizExport } from './graphviz.ts';
import { modelExplorerExport } from './model-explorer.ts';

export type { ExportFile, ExportKind } from './export.ts';

export const exportKinds: readonly ExportKind[] = [modelExplorerExport, graphvizExport, csvExport];
