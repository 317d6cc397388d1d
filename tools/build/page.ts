/** Makes one script and one style sheet of the report's page. */
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles tools/inspect/page of `sources` into the folder `built`, which mirrors it. */
export async function bundlePage(sources: string, built: string): Promise<void> {
  await build({
    entryPoints: { page: join(sources, 'tools/inspect/page/main.tsx') },
    outdir: join(built, 'tools/inspect/page'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'inline',
    charset: 'utf8',
    logLevel: 'warning',
  });
}
