import type { awsControl } from '../../sandbox/aws/control-client.ts';

/** One request as it is remembered. */
export interface AskedOnce {
  /** Ms since 1970. */
  at: number;
  operation: string;
  region: string;
  isThrottled: boolean;
  /** Services that it asked about. */
  services: readonly string[];
}

/** What AWS was asked. Its own log forgets the oldest, so it is read again and again. */
export class AskedOfAws {
  readonly #aws: ReturnType<typeof awsControl>;
  readonly all: AskedOnce[] = [];
  #last = 0;

  constructor(aws: ReturnType<typeof awsControl>) {
    this.#aws = aws;
  }

  /** Adds what came since the last time. */
  async read(): Promise<void> {
    const news = (await this.#aws.requests()).filter(({ n }) => n > this.#last);
    const [first] = news;
    if (first && first.n !== this.#last + 1) throw new Error('The log of the simulated AWS forgot requests');
    for (const { n, at, operation, region, error, input } of news) {
      this.#last = n;
      const isThrottled = error === 'ThrottlingException';
      this.all.push({ at: Date.parse(at), operation, region, isThrottled, services: servicesIn(input) });
    }
  }
}

function servicesIn(input: unknown): string[] {
  const { services } = input as { services?: string[] };
  return services ?? [];
}
