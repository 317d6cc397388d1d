/** `node dist/tools/spec/main.js [--check]`: brings the specification's tables in step with the code, or says which are not. */
import { fileURLToPath } from 'node:url';
import { regenerate, staleDocuments } from './spec.ts';

const folder = fileURLToPath(new URL('../../../', import.meta.url));
const isCheck = process.argv.includes('--check');
const documents = isCheck ? staleDocuments(folder).map(({ document }) => document) : regenerate(folder);
for (const document of documents)
  console.error(isCheck ? `${document} is not in step with the code` : `wrote ${document}`);
if (isCheck && documents.length > 0) process.exitCode = 1;
