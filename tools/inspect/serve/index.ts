/** A report that follows its source: a server on this machine alone. */
export { serveReport, type Served, type ServeOptions } from './serve.ts';
