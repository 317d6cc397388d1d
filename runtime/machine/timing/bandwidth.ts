/**
 * Transfers through GM share two roofs: HBM for first reads and for writes, L2 for reads of data that was read before.
 * A roof is shared max-min fairly: everybody gets the same rate, except those whose own path is slower.
 */

/** A transfer under way. */
export interface Transfer {
  readonly id: number;
  remaining: number;
  /** The path's own limit in bytes per cycle. */
  readonly limit: number;
  readonly roof: 'hbm' | 'l2';
  rate: number;
}

/** One shared roof and the transfers under it, slowest path first. */
class Roof {
  readonly #bytesPerCycle: number;
  readonly active: Transfer[] = [];

  constructor(bytesPerCycle: number) {
    this.#bytesPerCycle = bytesPerCycle;
  }

  add(transfer: Transfer): void {
    let at = this.active.length;
    while (at > 0 && (this.active[at - 1] as Transfer).limit > transfer.limit) at--; // at - 1 is an index
    this.active.splice(at, 0, transfer);
    this.#share();
  }

  advance(cycles: number, finished: Transfer[]): void {
    let kept = 0;
    for (const transfer of this.active) {
      transfer.remaining -= cycles * transfer.rate;
      if (transfer.remaining <= 1e-6 * transfer.rate) finished.push(transfer);
      else this.active[kept++] = transfer;
    }
    if (kept === this.active.length) return;
    this.active.length = kept;
    this.#share();
  }

  /** Cycles until the first transfer is complete. */
  untilCompletion(): number {
    let least = Infinity;
    for (const transfer of this.active) least = Math.min(least, transfer.remaining / transfer.rate);
    return least;
  }

  /** Gives everyone the same rate, and hands on what slower paths leave. */
  #share(): void {
    let left = this.#bytesPerCycle;
    let sharers = this.active.length;
    for (const transfer of this.active) {
      transfer.rate = Math.min(transfer.limit, left / sharers--);
      left -= transfer.rate;
    }
  }
}

/** The transfers under way and the clock they advance with. */
export class SharedBandwidth {
  readonly #roofs: Readonly<Record<'hbm' | 'l2', Roof>>;
  #now = 0;
  #finished: Transfer[] = [];

  constructor(hbmBytesPerCycle: number, l2BytesPerCycle: number) {
    this.#roofs = { hbm: new Roof(hbmBytesPerCycle), l2: new Roof(l2BytesPerCycle) };
  }

  /** Starts a transfer at a time that is not before any time seen. */
  start(transfer: Transfer, time: number): void {
    this.#advance(time);
    this.#roofs[transfer.roof].add(transfer);
  }

  /** Time of the next completion if nothing else starts; Infinity if nothing is under way. */
  nextCompletion(): number {
    if (this.#finished.length > 0) return this.#now;
    return this.#now + Math.min(this.#roofs.hbm.untilCompletion(), this.#roofs.l2.untilCompletion());
  }

  /** Advances to the next completion and takes the transfers that are then complete. */
  complete(): readonly Transfer[] {
    this.#advance(this.nextCompletion());
    const done = this.#finished;
    this.#finished = [];
    return done;
  }

  #advance(time: number): void {
    const elapsed = time - this.#now;
    if (elapsed <= 0) return;
    this.#now = time;
    this.#roofs.hbm.advance(elapsed, this.#finished);
    this.#roofs.l2.advance(elapsed, this.#finished);
  }
}

/** Which GM data L2 holds, by the start address of transfers, oldest out first. */
export class CachedData {
  readonly #capacity: number;
  readonly #bytes = new Map<number, number>();
  #total = 0;
  /** Is told address, bytes and answer of every touch. */
  listener: ((address: number, bytes: number, isHeld: boolean) => void) | null = null;

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
  }

  /** The same content for itself; nobody listens to it. */
  copy(): CachedData {
    const copy = new CachedData(this.#capacity);
    for (const [address, bytes] of this.#bytes) copy.#bytes.set(address, bytes);
    copy.#total = this.#total;
    return copy;
  }

  /** True if a transfer from this address finds its data; afterwards the data is there. */
  touch(address: number, bytes: number): boolean {
    const held = this.#bytes.get(address) ?? 0;
    this.#bytes.delete(address);
    this.#bytes.set(address, Math.max(held, bytes));
    this.#total += Math.max(held, bytes) - held;
    for (const [oldest, size] of this.#bytes) {
      if (this.#total <= this.#capacity) break;
      this.#bytes.delete(oldest);
      this.#total -= size;
    }
    const isHeld = held >= bytes;
    this.listener?.(address, bytes, isHeld);
    return isHeld;
  }
}
