declare module '*?worker' {
  /** The script of a worker as text. */
  const source: string;
  export default source;
}
