/** Lets a few requests work at once and turns the next one away at once, before it costs memory. */
import { IngestError } from './errors';

export class Gate {
  private inside = 0;

  constructor(private readonly capacity: number) {}

  /** @throws IngestError 503 when it is full */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.capacity) {
      throw IngestError.busy(
        `${this.inside} exports are being stored already; come back`,
      );
    }
    this.inside++;
    try {
      return await work();
    } finally {
      this.inside--;
    }
  }
}
