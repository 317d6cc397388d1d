/** One whole process as `msc opt` would be: reads a file, runs canonicalize and cse, writes the text to a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { DEFAULT_OPT_OPTIONS } from '../../tools/msc/opt-options.ts';
import { runOpt } from '../../tools/msc/opt.ts';
import { passes } from '../../tools/msc/pipeline-registry.ts';

const [input, output, pipeline] = process.argv.slice(2);
const source = { name: input, text: readFileSync(input, 'utf8') };
const result = runOpt(source, { ...DEFAULT_OPT_OPTIONS, pipeline }, passes, () => performance.now());
writeFileSync(output, result.output);
process.exitCode = result.exitCode;
