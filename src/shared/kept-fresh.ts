/** Something that is read now and then and kept in between; each process keeps its own. */
export type KeptFresh<Value> = {
  /** As it was read last. */
  current(): Value;
  /** Reads it again where it is older than it may be; never fails, since the last one is better than none. */
  fresh(): Promise<void>;
  /** After a change of it in this process: the next `fresh` reads. */
  forget(): void;
};

type Keeping<Value> = {
  initial: Value;
  read: () => Promise<Value>;
  seconds: number;
  /** Told when it could not be read. */
  onFault: (error: unknown) => void;
};

/** Pages ask for it at every request and cost a query only when it is `seconds` old; other processes lag as much behind. */
export function keptFresh<Value>({ initial, read, seconds, onFault }: Keeping<Value>): KeptFresh<Value> {
  let value = initial;
  let readAt = Number.NEGATIVE_INFINITY;
  let forgotten = 0;
  let reading: Promise<void> | null = null;
  const readAgain = async (): Promise<void> => {
    const asOf = forgotten;
    try {
      value = await read();
    } catch (error) {
      onFault(error);
    }
    reading = null;
    // What was forgotten meanwhile may have been read before it changed.
    if (asOf === forgotten) readAt = performance.now();
  };
  return {
    current: () => value,
    fresh() {
      if (performance.now() - readAt < seconds * 1000) return Promise.resolve();
      reading ??= readAgain();
      return reading;
    },
    forget() {
      forgotten += 1;
      readAt = Number.NEGATIVE_INFINITY;
      reading = null;
    },
  };
}
