/** Memory by row under changing choices: add over a range of rows, ask for the fullest row. A segment tree. */
export class RowLoads {
  private readonly rows: number;
  private readonly size: number;
  /** Largest load − limit below a tree node, without what is added at its ancestors. */
  private readonly most: Float64Array;
  private readonly added: Float64Array;

  constructor(limits: Float64Array) {
    this.rows = limits.length;
    this.size = 1;
    while (this.size < limits.length) this.size *= 2;
    this.most = new Float64Array(2 * this.size).fill(-Infinity);
    this.added = new Float64Array(2 * this.size);
    for (let row = 0; row < limits.length; row++) this.most[this.size + row] = -limits[row];
    for (let node = this.size - 1; node > 0; node--) this.pull(node);
  }

  /** The worst load − limit over all rows; positive: over the limit. */
  get excess(): number {
    return this.most[1];
  }

  add(from: number, to: number, bytes: number): void {
    if (bytes === 0) return;
    if (from === 0 && to === this.rows) {
      this.most[1] += bytes;
      this.added[1] += bytes;
    } else this.addBelow(1, 0, this.size, from, to, bytes);
  }

  private addBelow(node: number, low: number, high: number, from: number, to: number, bytes: number): void {
    if (from <= low && high <= to) {
      this.most[node] += bytes;
      this.added[node] += bytes;
      return;
    }
    const middle = (low + high) >> 1;
    if (from < middle) this.addBelow(2 * node, low, middle, from, to, bytes);
    if (to > middle) this.addBelow(2 * node + 1, middle, high, from, to, bytes);
    this.pull(node);
  }

  private pull(node: number): void {
    this.most[node] = Math.max(this.most[2 * node], this.most[2 * node + 1]) + this.added[node];
  }

  /** The fullest row. */
  worstRow(): number {
    let node = 1;
    while (node < this.size) node = this.most[2 * node] >= this.most[2 * node + 1] ? 2 * node : 2 * node + 1;
    return node - this.size;
  }
}
