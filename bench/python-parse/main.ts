/**
 * Our Python parser against CPython's `ast.parse`, on every .py file below a folder, warm, best of ten, one thread:
 *
 *     node dist/bench/python-parse/main.js FOLDER [PYTHON]
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePython } from '../../compiler/frontend/syntax/index.ts';

const ROUNDS = 10;

const cpython = `
import ast, pathlib, sys, time
files = [path.read_text("utf-8") for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))]
def seconds():
    start = time.perf_counter()
    for text in files: ast.parse(text)
    return time.perf_counter() - start
print(min(seconds() for _ in range(${ROUNDS})))
`;

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.py'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

function parseAll(sources: readonly string[]): number {
  const start = performance.now();
  for (const text of sources) parsePython(text, 'bench.py');
  return (performance.now() - start) / 1000;
}

function report(name: string, bytes: number, seconds: number): void {
  console.log(`${name}: ${(seconds * 1000).toFixed(1)} ms, ${(bytes / seconds / 1e6).toFixed(2)} MB/s`);
}

function main([folder, python]: readonly string[]): void {
  if (folder === undefined) {
    console.error('usage: main.js FOLDER [PYTHON]');
    process.exitCode = 2;
    return;
  }
  const sources = sourcesBelow(folder);
  const bytes = sources.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  console.log(`${sources.length} files, ${bytes} bytes`);
  const ours = Math.min(...Array.from({ length: ROUNDS }, () => parseAll(sources)));
  report('msc', bytes, ours);
  if (python === undefined) return;
  const theirs = Number(execFileSync(python, ['-c', cpython, folder], { encoding: 'utf8' }));
  report('ast.parse', bytes, theirs);
  console.log(`msc is ${(theirs / ours).toFixed(2)} times as fast`);
}

main(process.argv.slice(2));
