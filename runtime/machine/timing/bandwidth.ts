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

/** The transfers under way and the clock they advance with. */
export class SharedBandwidth {
  readonly #roofs: Readonly<Record<'hbm' | 'l2', number>>;
  readonly #active: Record<'hbm' | 'l2', Transfer[]> = { hbm: [], l2: [] };
  #now = 0;
  #finished: Transfer[] = [];

  constructor(hbmBytesPerCycle: number, l2BytesPerCycle: number) {
    this.#roofs = { hbm: hbmBytesPerCycle, l2: l2BytesPerCycle };
  }

  /** Starts a transfer at a time that is not before any time seen. */
  start(transfer: Transfer, time: number): void {
    this.#advance(time);
    this.#active[transfer.roof].push(transfer);
    this.#share(transfer.roof);
  }

  /** Time of the next completion if nothing else starts; Infinity if nothing is under way. */
  nextCompletion(): number {
    let next = Infinity;
    for (const transfer of [...this.#active.hbm, ...this.#active.l2])
      next = Math.min(next, this.#now + transfer.remaining / transfer.rate);
    return this.#finished.length > 0 ? this.#now : next;
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
    this.#now = time;
    for (const roof of ['hbm', 'l2'] as const) {
      const active = this.#active[roof];
      for (const transfer of active) transfer.remaining -= elapsed * transfer.rate;
      const done = active.filter((transfer) => transfer.remaining <= 1e-6 * transfer.rate);
      if (done.length === 0) continue;
      this.#finished.push(...done);
      this.#active[roof] = active.filter((transfer) => !done.includes(transfer));
      this.#share(roof);
    }
  }

  /** Gives everyone the same rate, then hands on what slower paths leave. */
  #share(roof: 'hbm' | 'l2'): void {
    const active = [...this.#active[roof]].sort((a, b) => a.limit - b.limit || a.id - b.id);
    let left = this.#roofs[roof];
    active.forEach((transfer, position) => {
      transfer.rate = Math.min(transfer.limit, left / (active.length - position));
      left -= transfer.rate;
    });
  }
}

/** Which GM data L2 holds, by the start address of transfers, oldest out first. */
export class CachedData {
  readonly #capacity: number;
  readonly #bytes = new Map<number, number>();
  #total = 0;

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
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
    return held >= bytes;
  }
}
