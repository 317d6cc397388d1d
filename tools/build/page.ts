/** Makes one script and one style sheet of the report's page. */
import { join } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';

/** Bundles tools/inspect/page of `sources` into the folder `built`, which mirrors it. */
export async function bundlePage(sources: string, built: string): Promise<void> {
  await build({ ...optionsFor(sources), outdir: join(built, 'tools/inspect/page') });
}

/** The files that the page is made of, with the imports of each, by paths relative to `sources`. */
export async function pageImports(sources: string): Promise<Metafile['inputs']> {
  const { metafile } = await build({ ...optionsFor(sources), write: false, outdir: sources, metafile: true });
  return metafile.inputs;
}

const optionsFor = (sources: string) =>
  ({
    absWorkingDir: sources,
    entryPoints: { page: join(sources, 'tools/inspect/page/main.tsx') },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'inline',
    charset: 'utf8',
    logLevel: 'warning',
    plugins: [workerText],
  }) satisfies BuildOptions;

/** `import source from './x.ts?worker'` is the text of a script for a worker: the page is one file and makes workers from blobs. */
const workerText: Plugin = {
  name: 'worker text',
  setup({ onLoad, onResolve, initialOptions }) {
    onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?worker$/, '')),
      namespace: 'worker',
    }));
    onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path }) => {
      const { absWorkingDir, minify, target, legalComments, charset } = initialOptions;
      const { outputFiles } = await build({
        absWorkingDir,
        minify,
        target,
        legalComments,
        charset,
        entryPoints: [path],
        bundle: true,
        format: 'iife',
        write: false,
      });
      return { contents: outputFiles[0]?.text ?? '', loader: 'text', watchFiles: [path] };
    });
  },
};
